-- Takes from each group of buckets in which no bucket is empty, or gives back, by the generic cell rate algorithm
-- (ITU-T I.371).
--
-- KEYS     the buckets: of each the time at which it will be full again; no key is a full bucket
-- ARGV     now, what a bucket holds, how long a key outlives its use; then for each bucket what is taken (negative:
--          given back) and the number of its group; all times in microseconds, of which a double holds those of two
--          centuries
--
-- Returns the groups that were taken from, as a negative number whose bit N - 1 is that of group N; or the microseconds
-- until there is enough in one of them.
local now = tonumber(ARGV[1])
local period = tonumber(ARGV[2])
local linger = tonumber(ARGV[3])

local full_at, missing, groups = {}, {}, 0
for bucket, key in ipairs(KEYS) do
    local taken = tonumber(ARGV[2 + 2 * bucket])
    local group = tonumber(ARGV[3 + 2 * bucket])
    local at = tonumber(redis.call('GET', key)) or now
    -- A clock that differs must not close a bucket for longer than it can be empty.
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
            -- Lua's own way to write a number keeps 14 digits, and these have 16.
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
