using System.Globalization;
using Holoflow.DashboardBenchmarks;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
Dictionary<string, Func<Task>> measures = new(StringComparer.Ordinal)
{
    ["first"] = PageMeasures.First,
    ["open"] = PageMeasures.Open,
    ["scroll"] = PageMeasures.Scroll,
    ["reads"] = PageMeasures.Reads,
    ["lines"] = LineTimes.Embedded,
    ["lines-stack"] = LineTimes.Stack,
};
if (args.FirstOrDefault(name => !measures.ContainsKey(name)) is not null)
{
    await Console.Error.WriteLineAsync($"usage: DashboardBenchmarks [{string.Join('|', measures.Keys)}]...");
    return 2;
}

foreach (var name in args.Length > 0 ? args : [.. measures.Keys])
    await measures[name]();
return 0;
