-- All that recorders do to the journal, on a primary alone: see docs/journal-protocol.md.
-- KEYS: the stream, the state. ARGV: what to do, the identity of the primary or nothing, and more.
local stream, state = KEYS[1], KEYS[2]
local what = ARGV[1]

local replication = redis.call('INFO', 'replication')
local identity = string.match(replication, 'master_replid:(%w+)')
local primary = string.find(replication, 'role:master', 1, true)
if not primary or (ARGV[2] ~= '' and ARGV[2] ~= identity) then
  return {'another'}
end

local kept = redis.call('HMGET', state, 'head', 'number', 'first', 'bytes', 'ms', 'oldest')
local head = kept[1] or ''
local number = tonumber(kept[2] or 0)
local first = tonumber(kept[3] or 1)
local bytes = tonumber(kept[4] or 0)
local ms = tonumber(kept[5] or 0)
local oldest = tonumber(kept[6] or 0)

local function whole(value)
  return string.format('%.0f', value)
end

if what == 'mark' then
  redis.call('PUBLISH', 'events/epoch', 'epoch ' .. ARGV[3] .. ' ' .. ARGV[4])
  return {'marked', identity, head, whole(number)}
end
if what == 'say' then
  redis.call('PUBLISH', 'events/epoch', 'recorded ' .. ARGV[3] .. ' ' .. ARGV[4] .. ' ' .. ARGV[5])
  return {'said'}
end

-- What an entry takes beside its texts, roughly.
local ENTRY = 100

-- Appends an entry: a position, and what follows it in ARGV, names and values in turn.
local function add(position, from, count)
  local size = ENTRY + #position
  for i = from, from + count - 1 do
    size = size + #ARGV[i]
  end
  local id = whole(ms) .. '-' .. whole(number + 1)
  redis.call('XADD', stream, id, 'position', position, unpack(ARGV, from, from + count - 1))
  if number < first then
    oldest = ms
  end
  number = number + 1
  bytes = bytes + size
  head = position
end

local function size(fields)
  local sum = ENTRY
  for i = 2, #fields do
    -- The name of the position was not counted.
    sum = sum + #fields[i]
  end
  return sum
end

local function milliseconds(id)
  return tonumber(string.match(id, '^%d+'))
end

-- Down to the limits once one of them is passed by a little, so that it is not done for each entry;
-- of a long journal a part at a time. The last entry stays: readers go on from it.
local function trim(most, most_bytes, age)
  local too_many = number - first + 1 > most + 100
  local too_large = bytes > most_bytes + most_bytes / 64
  local too_old = oldest < ms - age - age / 64
  if not (too_many or too_large or too_old) then
    return
  end
  local before = first
  local keep
  repeat
    local entries = redis.call('XRANGE', stream, keep or '-', '+', 'COUNT', 101)
    local going = #entries > 1
    keep = entries[1] and entries[1][1]
    for i = 1, #entries - 1 do
      local old = milliseconds(entries[i][1]) < ms - age
      if number - first + 1 <= most and bytes <= most_bytes and not old then
        going = false
        break
      end
      bytes = bytes - size(entries[i][2])
      first = first + 1
      keep = entries[i + 1][1]
    end
  until not going or first - before >= 1000
  if keep then
    redis.call('XTRIM', stream, 'MINID', keep)
    oldest = milliseconds(keep)
  else
    -- Somebody has deleted the stream alone.
    first = number + 1
    bytes = 0
    oldest = ms
  end
end

local function done()
  redis.call('HSET', state, 'head', head, 'number', whole(number), 'first', whole(first),
    'bytes', whole(bytes), 'ms', whole(ms), 'oldest', whole(oldest))
  return {'appended', head, whole(number)}
end

local now = redis.call('TIME')
ms = math.max(ms, tonumber(now[1]) * 1000 + math.floor(tonumber(now[2]) / 1000))
local expected = ARGV[3]
local at = 7

if what == 'gap' then
  if head ~= expected then
    return {'elsewhere', head, whole(number)}
  end
  add(ARGV[at], at + 1, 2)
else
  -- The items: a position, how many texts follow, and these. What is there already is passed over.
  local from = head == expected and at or nil
  local i = at
  while i <= #ARGV do
    local following = i + 2 + tonumber(ARGV[i + 1])
    if ARGV[i] == head then
      from = following
    end
    i = following
  end
  if not from then
    return {'elsewhere', head, whole(number)}
  end
  while from <= #ARGV do
    local count = tonumber(ARGV[from + 1])
    add(ARGV[from], from + 2, count)
    from = from + 2 + count
  end
end
trim(tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6]))
return done()
