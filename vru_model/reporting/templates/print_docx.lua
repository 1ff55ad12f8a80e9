-- The parts of a printed paper as Word's paragraphs, each in a style of formats/word_styles.py.

local writer = {}

local function raw(text)
  return pandoc.RawBlock("openxml", text)
end

local function tab()
  return pandoc.RawInline("openxml", "<w:r><w:tab/></w:r>")
end

local function field(text)
  return pandoc.RawInline("openxml", "<w:r>" .. text .. "</w:r>")
end

local function styled(style, blocks)
  return pandoc.Div(blocks, pandoc.Attr("", {}, {{"custom-style", style}}))
end

function writer.numbered(div)
  local inlines = div.content[1].content
  local found = pandoc.Inlines({pandoc.Str(pandoc.utils.stringify(inlines[1])), tab()})
  found:extend({table.unpack(inlines, 3)})
  return styled("Numbered Paragraph", {pandoc.Para(found)})
end

-- The heading stays a heading, for those who go from one to the next, and gets the panel's look.
local function panel_heading(header, kind)
  local level = header.level - 1
  return styled("Panel " .. kind .. " Heading " .. level, {pandoc.Para(header.content)})
end

local KINDS = {decision = true, front = true, warning = true, note = true, prompt = true,
               withheld = true}

-- A kind of panel that has no look of its own is dressed as a note.
local function kind_of(div)
  for _, class in ipairs(div.classes) do
    if KINDS[class] then return class end
  end
  return "note"
end

local function bullets(list, style)
  local lines = pandoc.Blocks({})
  for number, item in ipairs(list.content) do
    local sign = list.t == "OrderedList" and number .. "." or "•"
    local line = pandoc.Inlines({pandoc.Str(sign), tab()})
    line:extend(pandoc.utils.blocks_to_inlines(item))
    lines:insert(styled(style, {pandoc.Para(line)}))
  end
  return lines
end

-- What stands in a panel, in the panel's styles. Lists of terms and sources have theirs already.
function writer.panel(div)
  local kind = kind_of(div)
  local found = pandoc.Blocks({})
  for _, block in ipairs(div.content) do
    local style = block.t == "Div" and block.attributes["custom-style"]
    if block.t == "Header" then
      found:insert(panel_heading(block, kind))
    elseif block.t == "Para" or block.t == "Plain" then
      found:insert(styled("Panel " .. kind, {pandoc.Para(block.content)}))
    elseif block.t == "BulletList" or block.t == "OrderedList" then
      found:extend(bullets(block, "Panel " .. kind .. " Bullet"))
    elseif style == "Term Row" or style == "Source" then
      block.attributes["custom-style"] = "Panel " .. kind .. " " .. style
      found:insert(block)
    else
      found:insert(block)
    end
  end
  -- Without it, Word would run two panels into one.
  found:insert(styled("Panel End", {pandoc.Para({pandoc.Str("\u{00a0}")})}))
  return found
end

function writer.source(div)
  return pandoc.Blocks({styled("Source", div.content)})
end

-- A term and what it says: one paragraph, the term hanging in the margin.
function writer.rows(list, style)
  local rows = pandoc.Blocks({})
  for _, item in ipairs(list.content) do
    for _, definition in ipairs(item[2]) do
      local line = pandoc.Inlines({pandoc.Strong(item[1]), tab()})
      line:extend(pandoc.utils.blocks_to_inlines(definition))
      rows:insert(styled(style, {pandoc.Para(line)}))
    end
  end
  return rows
end

function writer.terms(list)
  return writer.rows(list, "Term Row")
end

-- The end of a section: everything before it, since the last, is set on such pages.
local function section_end(orientation)
  local size = '<w:pgSz w:w="11906" w:h="16838"/>'
  if orientation == "landscape" then
    size = '<w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/>'
  end
  return '<w:p><w:pPr><w:pStyle w:val="SectionEnd"/><w:sectPr><w:type w:val="nextPage"/>' .. size
    .. '<w:pgMar w:top="1247" w:right="1134" w:bottom="1134" w:left="1134" w:header="567"'
    .. ' w:footer="510" w:gutter="0"/></w:sectPr></w:pPr></w:p>'
end

-- How a table is set is finished in formats/word.py, which reads it from the empty paragraph before
-- the table and takes that away.
function writer.table(tbl, way, source)
  local turned = way:match("^turned") ~= nil
  local found = pandoc.Blocks({})
  if turned then found:insert(raw(section_end("portrait"))) end
  found:insert(raw('<w:p><w:pPr><w:pStyle w:val="Way-' .. way .. '"/></w:pPr></w:p>'))
  found:insert(tbl)
  found:extend(source)
  if turned then found:insert(raw(section_end("landscape"))) end
  return found
end

-- Links to the sections, whole as they are written. They stand in a field, so that whoever wants
-- the numbers of pages too may have Word renew it (F9); nobody needs to.
function writer.contents(headings)
  local found = pandoc.Blocks({
    styled("Contents Heading", {pandoc.Para({pandoc.Str("Contents")})}),
  })
  for number, header in ipairs(headings) do
    local line = pandoc.Inlines({pandoc.Link(header.content, "#" .. header.identifier)})
    if number == 1 then
      line:insert(1, field('<w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText'
        .. ' xml:space="preserve"> TOC \\o "1-1" \\h \\z </w:instrText></w:r><w:r>'
        .. '<w:fldChar w:fldCharType="separate"/>'))
    end
    if number == #headings then line:insert(field('<w:fldChar w:fldCharType="end"/>')) end
    found:insert(styled("toc 1", {pandoc.Para(line)}))
  end
  return found
end

function writer.figure(figure)
  return figure:walk({Image = function(image)
    image.attributes.width = "170mm"
    return image
  end})
end

function writer.span(span)
  local style = span.classes:includes("draft") and "Draft Mark"
    or span.classes:includes("exempt") and "Exempt Mark"
  if not style then return nil end
  span.attributes["custom-style"] = style
  return span
end

-- Word's title is no heading, so sections are of level 1.
function writer.header(header)
  header.level = header.level - 1
  return header
end

function writer.opening(meta)
  local notice = pandoc.utils.stringify(meta.notice or "")
  if notice == "" then return {} end
  return {styled("Notice", {pandoc.Para({pandoc.Str(notice)})})}
end

return writer
