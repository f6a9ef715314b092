-- +goose Up
-- Organisations have calendars at secret addresses.
ALTER TABLE `organizations` ADD COLUMN `calendar_digest` text NULL;
CREATE UNIQUE INDEX `organizations_calendar_digest_key` ON `organizations` (`calendar_digest`);
