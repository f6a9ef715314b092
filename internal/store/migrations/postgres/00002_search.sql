-- +goose Up
-- The application splits texts into words (internal/text): no dictionary, no parser.
CREATE TABLE technology_search (
  technology_id bigint PRIMARY KEY REFERENCES technologies (id) ON DELETE CASCADE,
  name tsvector NOT NULL,
  summary tsvector NOT NULL, -- and name
  words tsvector NOT NULL -- all of them
);
CREATE INDEX technology_search_name ON technology_search USING gin (name);
CREATE INDEX technology_search_summary ON technology_search USING gin (summary);
CREATE INDEX technology_search_words ON technology_search USING gin (words);
-- Orders whose column may be null: what is not known comes last.
CREATE INDEX release_cycles_calendar ON release_cycles ((end_of_life_on IS NULL), end_of_life_on, id);
CREATE INDEX release_cycles_calendar_back ON release_cycles ((end_of_life_on IS NULL), end_of_life_on DESC, id DESC);
CREATE INDEX release_cycles_released ON release_cycles ((released_on IS NULL), released_on, id);
CREATE INDEX release_cycles_released_back ON release_cycles ((released_on IS NULL), released_on DESC, id DESC);
CREATE INDEX release_cycles_of_technology ON release_cycles (technology_id, (released_on IS NULL), released_on DESC, id DESC);
CREATE INDEX use_case_rating ON technology_use_cases (use_case_id, (rating_average IS NULL), rating_average DESC, technology_id DESC);
