-- +goose Up
-- Findings are kept; projects have a score, components the release cycle that they are of.
ALTER TABLE `projects` ADD COLUMN `score` integer NOT NULL DEFAULT (100);
ALTER TABLE `projects` ADD COLUMN `checked_at` integer NOT NULL DEFAULT (0);
ALTER TABLE `projects` ADD COLUMN `checked_on` integer NOT NULL DEFAULT (0);
ALTER TABLE `projects` ADD COLUMN `checked_sequence` integer NOT NULL DEFAULT (0);
ALTER TABLE `stack_components` ADD COLUMN `release_cycle_id` integer NULL CONSTRAINT `stack_components_release_cycles_release_cycle` REFERENCES `release_cycles` (`id`) ON DELETE SET NULL;
CREATE INDEX `project_organization_id_score_id` ON `projects` (`organization_id`, `score`, `id`);
CREATE INDEX `project_checked_on_id` ON `projects` (`checked_on`, `id`);
CREATE INDEX `stackcomponent_organization_id_release_cycle_id` ON `stack_components` (`organization_id`, `release_cycle_id`);
CREATE INDEX `stackcomponent_release_cycle_id_project_id` ON `stack_components` (`release_cycle_id`, `project_id`);
CREATE TABLE `findings` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `identity` text NOT NULL, `rule` text NOT NULL, `severity` text NOT NULL, `severity_rank` integer NOT NULL, `message` text NOT NULL, `advice` text NOT NULL, `fixed_by` text NULL, `first_seen_at` integer NOT NULL, `last_seen_at` integer NULL, `fixed_at` integer NULL, `acknowledged_reason` text NULL, `acknowledged_until` integer NULL, `project_id` integer NOT NULL, `organization_id` integer NOT NULL, `component_id` integer NULL, `advisory_id` integer NULL, `acknowledged_by_id` integer NULL, CONSTRAINT `findings_projects_project` FOREIGN KEY (`project_id`) REFERENCES `projects` (`id`) ON DELETE CASCADE, CONSTRAINT `findings_organizations_organization` FOREIGN KEY (`organization_id`) REFERENCES `organizations` (`id`) ON DELETE CASCADE, CONSTRAINT `findings_stack_components_component` FOREIGN KEY (`component_id`) REFERENCES `stack_components` (`id`) ON DELETE SET NULL, CONSTRAINT `findings_advisories_advisory` FOREIGN KEY (`advisory_id`) REFERENCES `advisories` (`id`) ON DELETE SET NULL, CONSTRAINT `findings_users_acknowledged_by` FOREIGN KEY (`acknowledged_by_id`) REFERENCES `users` (`id`) ON DELETE RESTRICT);
CREATE UNIQUE INDEX `finding_project_id_identity` ON `findings` (`project_id`, `identity`);
CREATE INDEX `finding_project_id_severity_rank_id` ON `findings` (`project_id`, `severity_rank`, `id`);
CREATE INDEX `finding_organization_id_severity_rank_id` ON `findings` (`organization_id`, `severity_rank`, `id`);
CREATE INDEX `finding_component_id` ON `findings` (`component_id`);
CREATE INDEX `finding_advisory_id` ON `findings` (`advisory_id`);
CREATE INDEX `finding_acknowledged_by_id` ON `findings` (`acknowledged_by_id`);
CREATE INDEX `finding_fixed_at` ON `findings` (`fixed_at`);
