-- +goose Up
-- The application splits texts into words (internal/text): the tokenizer only
-- has to leave `#`, `+` and `.` in them.
CREATE VIRTUAL TABLE technology_search USING fts5 (
  name,
  summary,
  body,
  tokenize = "unicode61 remove_diacritics 0 tokenchars '#+.'"
);
-- Orders whose column may be null: what is not known comes last.
CREATE INDEX release_cycles_calendar ON release_cycles ((end_of_life_on IS NULL), end_of_life_on, id);
CREATE INDEX release_cycles_calendar_back ON release_cycles ((end_of_life_on IS NULL), end_of_life_on DESC, id DESC);
CREATE INDEX release_cycles_released ON release_cycles ((released_on IS NULL), released_on, id);
CREATE INDEX release_cycles_released_back ON release_cycles ((released_on IS NULL), released_on DESC, id DESC);
CREATE INDEX release_cycles_of_technology ON release_cycles (technology_id, (released_on IS NULL), released_on DESC, id DESC);
CREATE INDEX use_case_rating ON technology_use_cases (use_case_id, (rating_average IS NULL), rating_average DESC, technology_id DESC);
