/** Lua code that several scripts in Redis share. */

/**
 * `whole(text)` returns the whole number that a script has stored, and nil for any other text
 * (tonumber() accepts `nan` and `1e99`).
 */
export const wholeNumber = `
local function whole(text)
  if text and #text <= 15 and string.match(text, '^%d+$') then return tonumber(text) end
end`;
