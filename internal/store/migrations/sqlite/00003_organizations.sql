-- +goose Up
-- Organisations and what they run, change logs, keys of mutations that are run once.
CREATE TABLE `changes` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `sequence` integer NOT NULL, `at` integer NOT NULL, `operation` text NOT NULL, `subject_type` text NOT NULL, `subject_key` integer NOT NULL, `fields` json NOT NULL, `actor_id` integer NULL, `rank` integer NOT NULL DEFAULT (0), `log_id` integer NOT NULL, CONSTRAINT `changes_change_logs_log` FOREIGN KEY (`log_id`) REFERENCES `change_logs` (`id`) ON DELETE CASCADE);
CREATE UNIQUE INDEX `change_log_id_sequence` ON `changes` (`log_id`, `sequence`);
CREATE INDEX `change_actor_id_log_id` ON `changes` (`actor_id`, `log_id`);
CREATE TABLE `change_logs` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `last_sequence` integer NOT NULL DEFAULT (0), `dropped_until` integer NOT NULL DEFAULT (0), `organization_id` integer NULL, CONSTRAINT `change_logs_organizations_organization` FOREIGN KEY (`organization_id`) REFERENCES `organizations` (`id`) ON DELETE CASCADE);
CREATE UNIQUE INDEX `changelog_organization_id` ON `change_logs` (`organization_id`);
CREATE TABLE `idempotency_keys` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `key` text NOT NULL, `request` text NOT NULL, `result` text NOT NULL, `created_at` integer NOT NULL, `user_id` integer NOT NULL, CONSTRAINT `idempotency_keys_users_user` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON DELETE CASCADE);
CREATE UNIQUE INDEX `idempotencykey_user_id_key` ON `idempotency_keys` (`user_id`, `key`);
CREATE INDEX `idempotencykey_created_at` ON `idempotency_keys` (`created_at`);
CREATE TABLE `invitations` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `email` text NOT NULL, `email_key` text NOT NULL, `role` text NOT NULL, `created_at` integer NOT NULL, `expires_at` integer NOT NULL, `organization_id` integer NOT NULL, CONSTRAINT `invitations_organizations_organization` FOREIGN KEY (`organization_id`) REFERENCES `organizations` (`id`) ON DELETE CASCADE);
CREATE UNIQUE INDEX `invitation_organization_id_email_key` ON `invitations` (`organization_id`, `email_key`);
CREATE INDEX `invitation_email_key_expires_at` ON `invitations` (`email_key`, `expires_at`);
CREATE TABLE `members` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `role` text NOT NULL, `since` integer NOT NULL, `organization_id` integer NOT NULL, `user_id` integer NOT NULL, CONSTRAINT `members_organizations_organization` FOREIGN KEY (`organization_id`) REFERENCES `organizations` (`id`) ON DELETE CASCADE, CONSTRAINT `members_users_user` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON DELETE CASCADE);
CREATE UNIQUE INDEX `member_organization_id_user_id` ON `members` (`organization_id`, `user_id`);
CREATE INDEX `member_organization_id_since_id` ON `members` (`organization_id`, `since`, `id`);
CREATE INDEX `member_user_id` ON `members` (`user_id`);
CREATE TABLE `organizations` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `slug` text NOT NULL, `name` text NOT NULL, `name_key` blob NOT NULL, `end_of_life_horizon_days` integer NOT NULL DEFAULT (180), `allowed_licenses` json NULL, `disabled_rules` json NOT NULL, `revision` integer NOT NULL DEFAULT (1), `created_at` integer NOT NULL, `updated_at` integer NOT NULL);
CREATE UNIQUE INDEX `organizations_slug_key` ON `organizations` (`slug`);
CREATE TABLE `projects` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `slug` text NOT NULL, `name` text NOT NULL, `name_key` blob NOT NULL, `description` text NULL, `team` text NULL, `visibility` text NOT NULL, `traffic` text NULL, `has_user_accounts` bool NULL, `is_internet_facing` bool NULL, `cost_amount` integer NULL, `cost_currency` text NULL, `search_text` text NOT NULL, `revision` integer NOT NULL DEFAULT (1), `created_at` integer NOT NULL, `updated_at` integer NOT NULL, `organization_id` integer NOT NULL, `use_case_id` integer NULL, CONSTRAINT `projects_organizations_organization` FOREIGN KEY (`organization_id`) REFERENCES `organizations` (`id`) ON DELETE CASCADE, CONSTRAINT `projects_use_cases_use_case` FOREIGN KEY (`use_case_id`) REFERENCES `use_cases` (`id`) ON DELETE RESTRICT);
CREATE UNIQUE INDEX `project_organization_id_slug` ON `projects` (`organization_id`, `slug`);
CREATE INDEX `project_organization_id_name_key_id` ON `projects` (`organization_id`, `name_key`, `id`);
CREATE INDEX `project_organization_id_updated_at_id` ON `projects` (`organization_id`, `updated_at`, `id`);
CREATE INDEX `project_name_key_id` ON `projects` (`name_key`, `id`);
CREATE INDEX `project_use_case_id` ON `projects` (`use_case_id`);
CREATE TABLE `stack_components` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `name` text NOT NULL, `installed_version` text NULL, `ring` text NULL, `note` text NULL, `purl` text NULL, `position` integer NOT NULL, `project_id` integer NOT NULL, `organization_id` integer NOT NULL, `technology_id` integer NULL, CONSTRAINT `stack_components_projects_project` FOREIGN KEY (`project_id`) REFERENCES `projects` (`id`) ON DELETE CASCADE, CONSTRAINT `stack_components_organizations_organization` FOREIGN KEY (`organization_id`) REFERENCES `organizations` (`id`) ON DELETE CASCADE, CONSTRAINT `stack_components_technologies_technology` FOREIGN KEY (`technology_id`) REFERENCES `technologies` (`id`) ON DELETE RESTRICT);
CREATE INDEX `stackcomponent_project_id_position_id` ON `stack_components` (`project_id`, `position`, `id`);
CREATE INDEX `stackcomponent_technology_id_project_id` ON `stack_components` (`technology_id`, `project_id`);
CREATE INDEX `stackcomponent_organization_id_technology_id` ON `stack_components` (`organization_id`, `technology_id`);
ALTER TABLE `technologies` ADD COLUMN `file_key` text NOT NULL DEFAULT '';
-- The log of the public catalogue has the id 0, that of an organisation the id of the organisation.
INSERT INTO `change_logs` (`id`) VALUES (0);
