-- Takes tokens from each group of buckets in which no bucket is empty, or returns tokens, by the generic cell rate
-- algorithm (ITU-T I.371).
--
-- KEYS     the buckets: the value of each is the time at which it will be full again; a missing key is a full bucket
-- ARGV     the current time, the capacity of a bucket, and how long a key outlives its use; then, for each bucket, the
--          amount to take (negative: to return) and the number of its group; all times in microseconds, which a double
--          represents exactly for two centuries
--
-- Returns the groups that were taken from, as a negative number whose bit N - 1 stands for group N; or the number
-- of microseconds until one of them has enough.
local now = tonumber(ARGV[1])
local period = tonumber(ARGV[2])
local linger = tonumber(ARGV[3])

local full_at, missing, groups = {}, {}, 0
for bucket, key in ipairs(KEYS) do
    local taken = tonumber(ARGV[2 + 2 * bucket])
    local group = tonumber(ARGV[3 + 2 * bucket])
    local at = tonumber(redis.call('GET', key)) or now
    -- A clock that differs must not block a bucket for longer than a full refill takes.
    full_at[bucket] = math.min(math.max(at, now), now + period) + taken
    missing[group] = math.max(missing[group] or 0, full_at[bucket] - now - period)
    groups = math.max(groups, group)
end

local taken_from, shortest = 0, nil
for group = 1, groups do
    if missing[group] == 0 then
        taken_from = taken_from + 2 ^ (group - 1)
    else
        shortest = math.min(shortest or missing[group], missing[group])
    end
end

for bucket, key in ipairs(KEYS) do
    if missing[tonumber(ARGV[3 + 2 * bucket])] == 0 then
        local at = full_at[bucket]
        if at > now then
            local milliseconds = math.ceil((at - now + linger) / 1000)
            -- Lua's default number format keeps 14 digits, and these have 16.
            redis.call('SET', key, string.format('%.0f', at), 'PX', string.format('%.0f', milliseconds))
        else
            redis.call('DEL', key)
        end
    end
end
if taken_from > 0 then
    return -taken_from
end
return shortest
