-- What a board paper needs of pandoc's document, whatever the format: the notebook's heading as
-- title, numbered paragraphs, tables whose headers say what they head, figures with a description.

local section, paragraph = 0, 0

local function number_paragraph(block)
  paragraph = paragraph + 1
  local number = section > 0 and (section .. "." .. paragraph) or tostring(paragraph)
  local mark = pandoc.Span({pandoc.Str(number)}, pandoc.Attr("", {"paragraph-number"}))
  local content = pandoc.Inlines({mark, pandoc.Space()})
  content:extend(block.content)
  return pandoc.Div({pandoc.Para(content)},
                    pandoc.Attr("paragraph-" .. number, {"numbered"}))
end

-- Only paragraphs that stand on their own are numbered: not those in boxes, lists or tables.
local function number_top_level(blocks)
  local numbered = pandoc.Blocks({})
  for _, block in ipairs(blocks) do
    if block.t == "Header" and block.level == 2 then
      section, paragraph = section + 1, 0
      block.content:insert(1, pandoc.Space())
      block.content:insert(1, pandoc.Str(section .. "."))
    end
    if block.t == "Para" then block = number_paragraph(block) end
    numbered:insert(block)
  end
  return numbered
end

local function take_title(document)
  for index, block in ipairs(document.blocks) do
    if block.t == "Header" and block.level == 1 then
      document.meta.title = pandoc.MetaInlines(block.content)
      document.blocks:remove(index)
      return
    end
  end
  error("the notebook has no title: its first heading must be of level 1")
end

local function scope(cell, value)
  cell.attributes.scope = value
end

function Table(tbl)
  for _, row in ipairs(tbl.head.rows) do
    for _, cell in ipairs(row.cells) do scope(cell, "col") end
  end
  for _, body in ipairs(tbl.bodies) do
    body.row_head_columns = 1
    for _, row in ipairs(body.body) do scope(row.cells[1], "row") end
  end
  -- Widths come from the page, not from the length of the Markdown's lines.
  for index, column in ipairs(tbl.colspecs) do
    tbl.colspecs[index] = {column[1], nil}
  end
  local caption = pandoc.utils.stringify(tbl.caption.long)
  if caption == "" then error("a table has no caption") end
  if not FORMAT:match("html") then return tbl end
  -- A table wider than a phone scrolls within its own region, which the keyboard can reach.
  -- Attributes stand in a list: a Lua table by name would come out in any order.
  local attributes = {{"role", "region"}, {"tabindex", "0"}, {"aria-label", "Table: " .. caption}}
  return pandoc.Div({tbl}, pandoc.Attr("", {"scrolls"}, attributes))
end

local function described(image, caption)
  local words = pandoc.utils.stringify(image.caption)
  if words == "" or words == caption then
    error("the picture " .. image.src .. " has no alternative text of its own")
  end
end

-- pandoc would let the caption stand in for a missing description, so that nobody notices.
function Figure(figure)
  local caption = pandoc.utils.stringify(figure.caption.long)
  figure:walk({Image = function(image) described(image, caption) end})
end

function Image(image)
  described(image, nil)
end

function Div(div)
  local first = div.content[1]
  if div.classes:includes("panel") and first and first.t == "Header" then
    -- pandoc makes it a section, which a label turns into a landmark.
    div.attributes["aria-label"] = pandoc.utils.stringify(first.content)
  end
  return div
end

function Pandoc(document)
  take_title(document)
  if not document.meta.sheet then document.blocks = number_top_level(document.blocks) end
  return document
end
