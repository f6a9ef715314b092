-- +goose Up
-- Webhooks: addresses that are told of the changes of an organisation.
CREATE TABLE `webhooks` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `url` text NOT NULL, `subject_types` json NOT NULL, `secret` blob NOT NULL, `sequence` integer NOT NULL, `last_delivered_at` integer NULL, `last_error` text NULL, `failing_since` integer NULL, `next_attempt_at` integer NULL, `missed_count` integer NOT NULL DEFAULT (0), `organization_id` integer NOT NULL, CONSTRAINT `webhooks_organizations_organization` FOREIGN KEY (`organization_id`) REFERENCES `organizations` (`id`) ON DELETE CASCADE);
CREATE INDEX `webhook_organization_id_id` ON `webhooks` (`organization_id`, `id`);
