-- +goose Up
-- Of tokens, users follow only later ones.
ALTER TABLE "users" ADD COLUMN "token_issued_at" bigint NULL;
