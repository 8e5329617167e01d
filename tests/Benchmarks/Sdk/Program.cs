using System.Diagnostics;
using System.Globalization;
using Holoflow.Benchmarks;
using Holoflow.Sdk.Testing;

const int Tasks = 10_000;

Console.WriteLine($"load before: {(await File.ReadAllTextAsync("/proc/loadavg")).Split(' ')[0]}, {Environment.ProcessorCount} processors");
await Measure("warm-up", 1_000, NoOps.AllAtOnce, inFlow: true);
await Measure("no-op tasks submitted at once, awaited", Tasks, NoOps.AllAtOnce, inFlow: true);
await Measure("no-op tasks one after another", Tasks, NoOps.OneByOne, inFlow: true);
await Measure("… without kept results", Tasks, NoOps.OneByOneNotKept, inFlow: true);
await Measure("twin: Task.Run of the same no-op, at once", Tasks, NoOps.TwinAtOnce, inFlow: false);
await Measure("twin: Task.Run of the same no-op, one after another", Tasks, NoOps.TwinOneByOne, inFlow: false);
await Measure("log lines", 100_000, NoOps.LogLines, inFlow: true);

static async Task Measure(string name, int count, Func<int, Task> body, bool inFlow)
{
    if (inFlow)
    {
        // The time is taken inside the flow, up to the moment when every task's end is in the journal.
        var run = await FlowTest.Run(_ => Measure(name, count, body, inFlow: false));
        if (!run.State.IsCompleted)
            throw new InvalidOperationException(run.State.ToString(), run.Failure);
        return;
    }
    var cpu = Process.GetCurrentProcess().TotalProcessorTime;
    var since = Stopwatch.GetTimestamp();
    await body(count);
    var wall = Stopwatch.GetElapsedTime(since);
    var used = Process.GetCurrentProcess().TotalProcessorTime - cpu;
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{name,-55} {count / wall.TotalSeconds,10:N0}/s  {wall.TotalMicroseconds / count,7:F1} µs each  {used.TotalMicroseconds / count,7:F1} µs CPU each"));
}
