-- +goose Up
-- How severe a finding was when it was accepted is kept with that.
ALTER TABLE "findings" ADD COLUMN "acknowledged_severity" character varying NULL;
UPDATE "findings" SET "acknowledged_severity" = "severity" WHERE "acknowledged_until" IS NOT NULL;
