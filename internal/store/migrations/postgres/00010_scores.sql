-- +goose Up
-- Projects in whose stack nothing is known have no score.
DROP INDEX "project_organization_id_score_id";
ALTER TABLE "projects" ALTER COLUMN "score" DROP NOT NULL, ALTER COLUMN "score" DROP DEFAULT;
UPDATE "projects" SET "score" = NULL WHERE NOT EXISTS (SELECT 1 FROM "stack_components" WHERE "project_id" = "projects"."id" AND "technology_id" IS NOT NULL);
