using Holoflow.CliBenchmarks;

// Publishes the command as users have it, then measures whole commands from outside. Argument: the rounds of each figure (5).
var rounds = args.Length > 0 ? int.Parse(args[0]) : 5;
var builds = await Builds.Publish();
using var folder = new ScratchFolder();
Console.WriteLine($"{TimeProvider.System.GetUtcNow():yyyy-MM-dd HH:mm} UTC, {Environment.ProcessorCount} cores, load {Load.Now()} at the start; {rounds} rounds; wall median (least-most), CPU of all its processes median");
Console.WriteLine();
await StartUp.Measure(builds, folder, rounds);
await EmptyRun.Measure(builds, folder, rounds);
await Volume.Measure(builds, folder, rounds);
await ManyRuns.Measure(builds, folder);
await ServerAndAgent.Measure(builds, folder, rounds);
Console.WriteLine($"load {Load.Now()} at the end");
