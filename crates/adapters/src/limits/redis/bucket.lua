-- Takes from one bucket, or gives back to it, by the generic cell rate algorithm (ITU-T I.371).
--
-- KEYS[1]  the bucket: the time at which it will be full again; no key is a full bucket
-- ARGV     now, what is taken (negative: given back), what the bucket holds, how long the key
--          outlives its use; all in microseconds, of which a double holds those of two centuries
--
-- Answers 0, or the microseconds until there is enough to take.
local now = tonumber(ARGV[1])
local taken = tonumber(ARGV[2])
local period = tonumber(ARGV[3])
local linger = tonumber(ARGV[4])

local full_at = tonumber(redis.call('GET', KEYS[1])) or now
-- A clock that differs must not close a bucket for longer than it can be empty.
full_at = math.min(math.max(full_at, now), now + period) + taken
if full_at > now + period then
    return full_at - now - period
end
if full_at > now then
    local milliseconds = math.ceil((full_at - now + linger) / 1000)
    -- Lua's own way to write a number keeps 14 digits, and these have 16.
    redis.call('SET', KEYS[1], string.format('%.0f', full_at), 'PX', string.format('%.0f', milliseconds))
else
    redis.call('DEL', KEYS[1])
end
return 0
