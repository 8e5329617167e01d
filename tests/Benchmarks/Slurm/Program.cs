using System.Diagnostics;
using Holoflow.RunProtocol.Journal;
using Holoflow.Servers;
using Holoflow.SlurmBenchmarks;

// usage: dotnet run -c Release --project tests/Benchmarks/Slurm [-- holography [rounds]]
if (args is ["holography", ..])
    return await HolographyArray.Run(args.Length > 1 ? int.Parse(args[1]) : 2);
if (args is ["beam", var work, var index])
    return PlainBeam.Run(work, int.Parse(index));
if (args.Length > 0)
    return Usage();

Console.WriteLine($"load {File.ReadAllText("/proc/loadavg").Trim()}");
await using var cluster = await SlurmCluster.Start();

var pool = await MeasuredRun.Of(cluster, "NoOps", """{"count":1000,"use":"Pool"}""");
Console.WriteLine($"1,000 no-ops, one pool of two slots: {1000 / pool.Work.TotalSeconds:0} tasks/s");

var speaking = await MeasuredRun.Of(cluster, "Witnesses", """{"count":1,"use":"Pool"}""");
var began = new DateTimeOffset(File.GetLastWriteTimeUtc(Directory.GetFiles(speaking.Directory.Allocations, "*.started", SearchOption.AllDirectories).Single()), TimeSpan.Zero);
var line = speaking.Journal.OfType<Logged>().First(l => l.Task is not null).At;
Console.WriteLine($"from the allocation's start to the first task's first line: {(line - began).TotalMilliseconds:0} ms");

var array = await MeasuredRun.Of(cluster, "NoOps", """{"count":10000,"use":"Array","pack":1000}""");
Console.WriteLine($"10,000 tasks as an array: {array.Submissions} submission(s); {array.Journal.OfType<Logged>().Last(l => l.Message.StartsWith("Slurm's commands", StringComparison.Ordinal)).Message}; {array.Work.TotalSeconds:0.0} s of work");
var noticed = Directory.GetFiles(array.Directory.Allocations, "events.*", SearchOption.AllDirectories).Max(file => File.GetLastWriteTimeUtc(file));
Console.WriteLine($"from the last line of a worker to the last task's end in the journal: {(array.Ends.Max().UtcDateTime - noticed).TotalMilliseconds:0} ms");

const int Jobs = 50;
var since = Stopwatch.GetTimestamp();
for (var i = 0; i < Jobs; i++)
    await cluster.Ask("sbatch", "--wrap=true", "--mem=10M", "--chdir=/tmp", "--output=/dev/null");
await Empty();
Console.WriteLine($"a job each, {Jobs} times: {Jobs / Stopwatch.GetElapsedTime(since).TotalSeconds:0.0} tasks/s");
since = Stopwatch.GetTimestamp();
await cluster.Ask("sbatch", "--wrap=true", "--mem=10M", $"--array=1-{Jobs}", "--chdir=/tmp", "--output=/dev/null");
await Empty();
Console.WriteLine($"a plain array of {Jobs}: {Jobs / Stopwatch.GetElapsedTime(since).TotalSeconds:0.0} tasks/s");
since = Stopwatch.GetTimestamp();
await cluster.Ask("sbatch", "--wait", "--mem=100M", "--ntasks=2", "--nodes=1", "--chdir=/tmp", "--output=/dev/null", $"--wrap=for i in $(seq {Jobs}); do srun -n1 --mem=10M --overlap true; done");
Console.WriteLine($"srun steps in one job, {Jobs} times: {Jobs / Stopwatch.GetElapsedTime(since).TotalSeconds:0.0} tasks/s");
Console.WriteLine($"load {File.ReadAllText("/proc/loadavg").Trim()}");

return 0;

static int Usage()
{
    Console.Error.WriteLine("usage: dotnet run -c Release --project tests/Benchmarks/Slurm [-- holography [rounds]]");
    return 2;
}

async Task Empty()
{
    using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
    while ((await cluster.Ask("squeue", "--noheader", "--states=PD,R,CG")).Trim().Length > 0)
        await tick.WaitForNextTickAsync();
}
