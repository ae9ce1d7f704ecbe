/** What several scripts in Redis need. */

/** A whole number that a script has stored; nil for what is none, whoever wrote it (tonumber() takes `nan` and `1e99`). */
export const wholeNumber = `
local function whole(text)
  if text and #text <= 15 and string.match(text, '^%d+$') then return tonumber(text) end
end`;
