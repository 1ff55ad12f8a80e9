-- How wide the columns of a table are on A4, how small its type, and whether its page is turned.
-- Lengths are counted in characters: exact enough to choose between four ways to set a table, and
-- the same for Word and PDF.

local widths = {}

-- Space left and right of a cell's words.
local PADDING = 2
-- Best first: characters in a line of text at that size, on the page or on a turned one.
local WAYS = {
  {name = "normal", characters = 98},
  {name = "small", characters = 112},
  {name = "turned", characters = 152},
  {name = "turned-small", characters = 184},
}
-- A row of more lines than this is easier to read on a turned page.
local TOO_MANY_LINES = 11
-- Numbers with their interval stay on one line where there is room.
local SHORT = 14
-- Bold letters are wider.
local BOLD = 1.15

local function longest_word(text)
  local longest = 0
  for word in text:gmatch("%S+") do
    -- A line may break after a hyphen or a dash within a word.
    for part in word:gmatch("[^%-]+%-?") do longest = math.max(longest, utf8.len(part) or #part) end
  end
  return longest
end

local function rows_of(bodies)
  local rows = {}
  for _, body in ipairs(bodies) do
    for _, row in ipairs(body.body) do rows[#rows + 1] = row end
  end
  return rows
end

-- Of each column: the least width, the least with short cells on one line, the width at which no
-- cell breaks, and that at which the header does not either.
local function measured(tbl)
  local least, unbroken, whole = {}, {}, {}
  for column = 1, #tbl.colspecs do least[column], unbroken[column], whole[column] = 3, 3, 3 end
  local function take(rows, factor, keep)
    for _, row in ipairs(rows) do
      for column, cell in ipairs(row.cells) do
        local text = pandoc.utils.stringify(cell.contents)
        local length, word = factor * (utf8.len(text) or #text), factor * longest_word(text)
        least[column] = math.max(least[column], word)
        unbroken[column] = math.max(unbroken[column], length <= keep and length or word)
        whole[column] = math.max(whole[column], length)
      end
    end
  end
  take(tbl.head.rows, BOLD, 0)
  -- A header may break once for the sake of what stands below it.
  local full = {table.unpack(whole)}
  for column = 1, #whole do whole[column] = math.max(least[column], whole[column] / 2) end
  take(rows_of(tbl.bodies), 1, SHORT)
  for column = 1, #whole do full[column] = math.max(full[column], whole[column]) end
  return least, unbroken, whole, full
end

local function total(list)
  local sum = 0
  for _, value in ipairs(list) do sum = sum + value end
  return sum
end

-- What is left after the least widths goes to the columns that would break, the longer the more;
-- none takes more than its longest line. Returns nil where even the least do not fit.
local function shared(least, whole, characters)
  local room = characters - PADDING * #least - total(least)
  if room < 0 then return nil end
  local found = {table.unpack(least)}
  for _ = 1, 4 do
    local wishes = 0
    for column = 1, #found do wishes = wishes + math.max(whole[column] - found[column], 0) ^ 0.7 end
    if wishes == 0 or room < 0.5 then break end
    local given = 0
    for column = 1, #found do
      local short = math.max(whole[column] - found[column], 0)
      local more = math.min(room * short ^ 0.7 / wishes, short)
      found[column], given = found[column] + more, given + more
    end
    room = room - given
  end
  return found
end

local function most_lines(found, whole)
  local most = 1
  for column = 1, #found do most = math.max(most, whole[column] / found[column]) end
  return most
end

local function choose(least, unbroken, whole)
  local first, first_columns
  for _, smallest in ipairs({unbroken, least}) do
    for _, way in ipairs(WAYS) do
      -- Short cells are worth smaller type, but not a turned page.
      local found = shared(smallest, whole, way.characters)
      local turned = way.name:match("^turned") ~= nil
      if found and not (turned and smallest == unbroken) then
        if most_lines(found, whole) <= TOO_MANY_LINES or turned then return way, found end
        if not first then first, first_columns = way, found end
      end
    end
  end
  return first, first_columns
end

-- Return the name of the way to set the table and its columns' shares of the line; an error where
-- the table does not even fit a turned page.
function widths.fit(tbl, name)
  local least, unbroken, whole, full = measured(tbl)
  local way, found = choose(least, unbroken, whole)
  if not way then
    error("the table " .. name .. " is too wide for A4, even turned: its " .. #least
          .. " columns need " .. math.ceil(total(least) + PADDING * #least)
          .. " characters; split it")
  end
  found = shared(found, full, way.characters) or found
  -- A narrow table is not stretched over the whole line.
  local needed = total(found) + PADDING * #found
  local line = math.max(needed, 0.6 * way.characters)
  local used = math.min(1, 1.08 * line / way.characters)
  local shares = {}
  for column = 1, #found do shares[column] = used * (found[column] + PADDING) / needed end
  return way.name, shares
end

return widths
