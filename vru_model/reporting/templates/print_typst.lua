-- The parts of a printed paper as calls of the functions in paper.typ.

local writer = {}

local function quoted(text)
  return '"' .. text:gsub("\\", "\\\\"):gsub('"', '\\"'):gsub("[\r\n]+", " ") .. '"'
end

local function raw(text)
  return pandoc.RawBlock("typst", text)
end

local function within(call, blocks)
  local found = pandoc.Blocks({raw(call .. "[")})
  found:extend(blocks)
  found:insert(raw("]"))
  return found
end

function writer.numbered(div)
  local inlines = div.content[1].content
  local number = pandoc.utils.stringify(inlines[1])
  local found = pandoc.Inlines({
    pandoc.RawInline("typst", "#numbered[" .. number .. "][")
  })
  found:extend({table.unpack(inlines, 3)})
  found:insert(pandoc.RawInline("typst", "]"))
  return pandoc.Para(found)
end

function writer.panel(div)
  local kind = "note"
  for _, class in ipairs(div.classes) do
    if class ~= "panel" then kind = class end
  end
  return within("#panel(" .. quoted(kind) .. ")", div.content)
end

function writer.source(div)
  return within("#source", div.content)
end

function writer.table(tbl, way, source)
  local found = pandoc.Blocks({tbl})
  found:extend(source)
  return within("#set-table(" .. quoted(way) .. ")", found)
end

-- As rows of two columns: Typst's own list of terms cannot be laid out so and stay tagged.
function writer.terms(list)
  local found = pandoc.Blocks({})
  for _, item in ipairs(list.content) do
    found:insert(raw("#term-row["))
    found:insert(pandoc.Plain(item[1]))
    found:insert(raw("]["))
    for _, definition in ipairs(item[2]) do found:extend(definition) end
    found:insert(raw("]"))
  end
  return found
end

-- pandoc's writer drops a picture's description.
function writer.figure(figure)
  local picture
  figure:walk({Image = function(image) picture = image end})
  if not picture then return nil end
  local alt = picture.attributes.alt or pandoc.utils.stringify(picture.caption)
  local caption = pandoc.write(pandoc.Pandoc(figure.caption.long), "typst"):gsub("%s+$", "")
  return raw("#figure(image(" .. quoted(picture.src) .. ", alt: " .. quoted(alt)
             .. ", width: 100%), caption: [" .. caption .. "])")
end

function writer.span(span)
  local call = span.classes:includes("draft") and "#mark"
    or span.classes:includes("exempt") and "#exempt"
  if not call then return nil end
  local found = pandoc.Inlines({pandoc.RawInline("typst", call .. "[")})
  found:extend(span.content)
  found:insert(pandoc.RawInline("typst", "]"))
  return found
end

function writer.contents()
  return {raw("#contents()")}
end

function writer.header()
  return nil
end

-- The template of the page has the notice.
function writer.opening()
  return {}
end

return writer
