-- +goose Up
-- What one instance does alone.
CREATE TABLE `leases` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `name` text NOT NULL, `holder` text NOT NULL, `until` integer NOT NULL);
CREATE UNIQUE INDEX `leases_name_key` ON `leases` (`name`);
