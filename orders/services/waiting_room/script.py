"""What Valkey does in one step: the line moves on, then somebody asks for something.

Valkey knows numbers only: how many tickets were given out (`issued`), up to which they are called
(`called`), and how many shoppers may begin at this moment (`spare`, filled by the clock).
"""

# A ticket is called as a place comes free by the clock. Where called ones stay away, places are
# left over: then LEFT_OVER more are called for each, so that nobody waits for those who went home.
MOVE_ON = """
local room, minute, used = KEYS[1], KEYS[2], KEYS[3]
local verb, now, usual = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local epoch, number, word, queued = ARGV[4], tonumber(ARGV[5]), ARGV[6], tonumber(ARGV[7])
local SECONDS_SPARE, SECONDS_AT_ONCE, LEFT_OVER, CALM, QUICK, FORGET = 3, 2, 9, 15, 1, 60

local kept = redis.call('HMGET', room, 'epoch', 'issued', 'called', 'spare', 'at', 'rate',
  'opened', 'until', 'pace', 'paced_at', 'ready', 'strained_at')
local started = kept[1] or string.format('%d', now * 1000)
local issued, called = tonumber(kept[2] or 0), tonumber(kept[3] or 0)
local rate, opened = tonumber(kept[6] or usual), kept[7] == '1'
local busy_until = tonumber(kept[8] or 0)
local pace, paced_at = tonumber(kept[9] or 0), tonumber(kept[10] or 0)
local strained_at = tonumber(kept[12] or 0)

-- Whoever asks had to wait for a thread: the tills are full, and nobody goes in ahead of the clock.
local function felt(seconds)
  if now - paced_at < FORGET then pace = pace * 0.8 + seconds * 0.2 else pace = seconds end
  paced_at = now
end
if queued > QUICK then felt(queued); strained_at = now end
local is_even = kept[7] == '1' or now - strained_at < CALM
-- While an order takes long, whatever the reason, far fewer are let in.
if pace > QUICK and now - paced_at < FORGET then rate = rate * (QUICK / pace) ^ 2 end
-- So many begin at once: by itself the room opens late, by staff it lets in evenly from the first.
local function of_seconds(count) return math.max(1, tonumber(kept[6] or usual) / 60 * count) end
local most = of_seconds(SECONDS_SPARE)
local gained = rate / 60 * math.max(0, now - tonumber(kept[5] or now))
local spare = tonumber(kept[4] or most) + gained
local over = math.max(0, spare - most)
spare = math.min(spare, most)
local ready = math.min(of_seconds(is_even and SECONDS_AT_ONCE or SECONDS_SPARE),
  tonumber(kept[11] or most) + gained)
-- The door stays shut for a moment after the last one was called, so that nobody slips in first.
if issued > called and rate > 0 then
  busy_until = math.min(now, tonumber(kept[5]) + (issued - called) * 60 / rate) + CALM
end
called = math.min(issued, called + gained + over * LEFT_OVER)

local function count(what)
  redis.call('HINCRBY', minute, what, 1)
  redis.call('EXPIRE', minute, 7200)
end
local may_enter = spare >= 1 and ready >= 1
local function let_in()
  spare, ready = spare - 1, ready - 1
  count('in')
end

-- A number of a line that Valkey forgot is none.
if epoch ~= started or number > issued then number = 0 end
local is_in = 0
if verb == 'knock' then
  local is_open = opened or issued > called or now < busy_until
  if number > 0 then
    if number <= called and may_enter then is_in = 1; let_in() end
  elseif may_enter and not is_open then
    issued, called, is_in = issued + 1, called + 1, 1
    number = issued
    count('came'); let_in()
  elseif word == 'take' then
    issued = issued + 1
    number, busy_until = issued, now + CALM
    count('came')
  end
elseif verb == 'done' then
  felt(tonumber(word))
  redis.call('SET', used, '1', 'EX', 7200)
  count('done')
elseif verb == 'open' then
  opened, rate, spare, ready = true, tonumber(word), 0, 0
  redis.call('HSET', room, 'rate', rate)
elseif verb == 'close' then
  opened = false
  redis.call('HDEL', room, 'rate')
end
if verb ~= 'look' then
  redis.call('HSET', room, 'epoch', started, 'issued', issued, 'called', called, 'spare', spare,
    'ready', ready, 'at', now, 'opened', opened and '1' or '0', 'until', busy_until, 'pace', pace,
    'paced_at', paced_at, 'strained_at', strained_at)
end
local is_open = opened or issued > called or now < busy_until
local function text(value) return string.format('%.6f', value) end
return {started, number, is_in, text(math.max(0, number - called)), text(issued - called),
  text(rate), is_open and 1 or 0, opened and 1 or 0, text(spare)}
"""
