-- What paper asks beyond a screen: contents, panels, columns that fit A4, numbers in the margin.
-- The same document goes to Typst (PDF) and to Word; only the last step differs.

local folder = pandoc.path.directory(PANDOC_SCRIPT_FILE)
local widths = dofile(pandoc.path.join({folder, "table_widths.lua"}))
local writer = dofile(pandoc.path.join({folder, "print_" .. FORMAT .. ".lua"}))

local function is_named(block, class)
  return block ~= nil and block.t == "Div" and block.classes:includes(class)
end

-- A table and the line that says where it comes from stay together.
local function with_tables(blocks)
  local found, skip = pandoc.Blocks({}), false
  for index, block in ipairs(blocks) do
    local after = blocks[index + 1]
    if skip then
      skip = false
    elseif block.t == "Table" then
      local caption = pandoc.utils.stringify(block.caption.long)
      local way, shares = widths.fit(block, "“" .. caption .. "”")
      for column, specification in ipairs(block.colspecs) do
        block.colspecs[column] = {specification[1], shares[column]}
      end
      skip = is_named(after, "source")
      found:extend(writer.table(block, way, skip and writer.source(after) or {}))
    else
      found:insert(block)
    end
  end
  return found
end

-- Panels before the first section stand on the first page; the contents follow them.
local function with_contents(document)
  local headings, place = {}, nil
  for index, block in ipairs(document.blocks) do
    if block.t == "Header" and block.level == 2 then
      place = place or index
      headings[#headings + 1] = block
    end
  end
  if place and not document.meta.sheet then
    for offset, block in ipairs(writer.contents(headings)) do
      document.blocks:insert(place + offset - 1, block)
    end
  end
  for offset, block in ipairs(writer.opening(document.meta)) do
    document.blocks:insert(offset, block)
  end
  return document
end

local function printed(block)
  if is_named(block, "numbered") then return writer.numbered(block) end
  if is_named(block, "panel") then return writer.panel(block) end
  if is_named(block, "source") then return writer.source(block) end
end

return {
  {Pandoc = with_contents},
  {Span = writer.span, Figure = writer.figure},
  {Blocks = with_tables},
  {Div = printed, DefinitionList = writer.terms},
  {Header = writer.header},
}
