-- +goose Up
-- Projects in whose stack nothing is known have no score.
DROP INDEX `project_organization_id_score_id`;
ALTER TABLE `projects` RENAME COLUMN `score` TO `score_of_any`;
ALTER TABLE `projects` ADD COLUMN `score` integer NULL;
UPDATE `projects` SET `score` = `score_of_any` WHERE EXISTS (SELECT 1 FROM `stack_components` WHERE `project_id` = `projects`.`id` AND `technology_id` IS NOT NULL);
ALTER TABLE `projects` DROP COLUMN `score_of_any`;
