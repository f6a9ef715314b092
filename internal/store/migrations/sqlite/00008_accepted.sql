-- +goose Up
-- How severe a finding was when it was accepted is kept with that.
ALTER TABLE `findings` ADD COLUMN `acknowledged_severity` text NULL;
UPDATE `findings` SET `acknowledged_severity` = `severity` WHERE `acknowledged_until` IS NOT NULL;
