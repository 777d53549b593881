-- What wrk does: sends the requests of a file, each ended by a NUL, by turns, and tells what came
-- of it as JSON. The second argument is how many milliseconds a connection waits between two.

local requests, at = {}, 0

function init(args)
  local file = assert(io.open(args[1], 'rb'))
  for text in file:read('*a'):gmatch('(.-)%z') do
    requests[#requests + 1] = text
  end
  file:close()
  local every = tonumber(args[2])
  if every > 0 then
    -- Only where it is defined does wrk use timers. Not all at once, nor in step for ever.
    function delay()
      return math.random(every / 2, every * 3 / 2)
    end
  end
end

function request()
  at = at % #requests + 1
  return requests[at]
end

function done(summary, latency)
  local errors = summary.errors
  local lost = errors.connect + errors.read + errors.write
  io.write(string.format(
    '\n{"answered":%d,"seconds":%f,"refused":%d,"lost":%d,"p50":%f,"p99":%f,"p99_9":%f}\n',
    summary.requests, summary.duration / 1e6, errors.status, lost,
    latency:percentile(50), latency:percentile(99), latency:percentile(99.9)))
end
