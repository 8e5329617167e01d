using System.Diagnostics;
using Holoflow.Load;
using Holoflow.Load.Chaos;
using Holoflow.Load.Measures;

if (args is ["chaos", .. var numbers])
{
    var kills = numbers.Length > 0 ? int.Parse(numbers[0]) : 50;
    var seed = numbers.Length > 1 ? int.Parse(numbers[1]) : Random.Shared.Next();
    var began = Stopwatch.GetTimestamp();
    Console.WriteLine($"seed {seed}, {kills} kills of each, load {Report.Load()}");
    var result = await ChaosRun.Run(kills, seed, line => Console.WriteLine($"{Stopwatch.GetElapsedTime(began):hh\\:mm\\:ss} load {Report.Load()}: {line}"));
    Console.WriteLine($"{Stopwatch.GetElapsedTime(began):hh\\:mm\\:ss} {result}");
    return result.Faults.Count == 0 ? 0 : 1;
}

// Argument: the name of one measure; none: all of the table, one after another on one stack.
Dictionary<string, Func<Task>> measures = new(StringComparer.Ordinal)
{
    ["floors"] = Floors.Measure,
    ["rest"] = AtRest.Measure,
    ["latency"] = Latency.Measure,
    ["tasks"] = NoOpTasks.Measure,
    ["runs"] = ShortRuns.Measure,
    ["requests"] = RunRequests.Measure,
    ["spread"] = Spread.Measure,
    ["waiting"] = TakingWork.Measure,
};
if (args.Length > 1 || (args.Length == 1 && !measures.ContainsKey(args[0])))
{
    await Console.Error.WriteLineAsync($"usage: Load chaos [KILLS-OF-EACH [SEED]] | Load [{string.Join('|', measures.Keys)}]");
    return 2;
}

Report.Begin();
foreach (var measure in args.Length == 1 ? [measures[args[0]]] : measures.Values.ToList())
    await measure();
Report.End();
return 0;
