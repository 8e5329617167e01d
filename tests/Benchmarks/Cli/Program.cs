using Holoflow.CliBenchmarks;

// Publishes the command as users have it, then measures whole commands from outside.
// Arguments: the rounds of each figure (5), then the parts that are wanted (all).
var rounds = args.Length > 0 ? int.Parse(args[0]) : 5;
var builds = await Builds.Publish();
using var folder = new ScratchFolder();
(string Name, Func<Task> Measure)[] parts =
[
    ("start", () => StartUp.Measure(builds, folder, rounds)),
    ("empty", () => EmptyRun.Measure(builds, folder, rounds)),
    ("volume", () => Volume.Measure(builds, folder, rounds)),
    ("many", () => ManyRuns.Measure(builds, folder)),
    ("long", () => LongRuns.Measure(builds, folder, rounds)),
    ("server", () => ServerAndAgent.Measure(builds, folder, rounds)),
];
if (args.Skip(1).Except(parts.Select(p => p.Name)).FirstOrDefault() is { } unknown)
    throw new ArgumentException($"'{unknown}' is no part; the parts are {string.Join(", ", parts.Select(p => p.Name))}", nameof(args));
Console.WriteLine($"{TimeProvider.System.GetUtcNow():yyyy-MM-dd HH:mm} UTC, {Environment.ProcessorCount} cores, load {Load.Now()} at the start; {rounds} rounds; wall median (least-most), CPU of all its processes median");
Console.WriteLine();
foreach (var part in parts.Where(p => args.Length < 2 || args.Skip(1).Contains(p.Name)))
    await part.Measure();
Console.WriteLine($"load {Load.Now()} at the end");
