using System.Text.Json;
using Holoflow.Contracts;
using Holoflow.Holography.Pictures;
using Holoflow.Messaging;
using Holoflow.RunProtocol;
using static Holoflow.Dashboard.Tests.Fixture.PlayedRun;

namespace Holoflow.Dashboard.Tests.Fixture;

/// <summary>A few days of an observatory, played into a server: the same whenever it is played.</summary>
sealed class Observatory(IMessageBus bus, SettableTime time, string home)
{
    /// <summary>When the pages are looked at.</summary>
    public static readonly DateTimeOffset Now = new(2026, 3, 18, 14, 25, 0, TimeSpan.Zero);

    /// <summary>How many agents tell of themselves.</summary>
    public const int Agents = 2;

    static readonly string[] Messages = ["antenna ak07 gave no data for 41 % of the beams", "the calibrator was below the horizon limit", "no space left on /scratch: 0 bytes free of 8.0 TiB"];

    static readonly RunProgram Program = new() { Path = "/opt/holoflow/flows/Holography.dll", Method = "Reduce" };

    readonly Random _random = new(20260318);
    int _number;

    /// <summary>The run whose parts the tests look at.</summary>
    public Guid Reduced { get; private set; }

    public Guid Live { get; private set; }

    public Guid Failed { get; private set; }

    public Guid DeploymentId { get; private set; }

    public async Task Play()
    {
        time.Set(Now.AddDays(-4));
        DeploymentId = await DefineDeployments();
        await DefineQueues();
        for (var hour = 71; hour > 1; hour--)
        {
            for (var i = _random.Next(0, 4) + (hour % 9 == 0 ? 3 : 0); i > 0; i--)
                await PlaySmall(Now.AddHours(-hour).AddMinutes(_random.Next(60)).AddSeconds(_number % 60));
        }

        foreach (var day in Enumerable.Range(0, 6).Reverse())
            Reduced = await PlayReduction(Now.AddDays(-day * 0.5).AddHours(-2.2), day);
        await PlayFailed();
        await PlayRunning();
        await PlayWaiting();
        time.Set(Now);
        await Announce("ingest01", 8, 6, Now.AddSeconds(-3));
        await Announce("galaxy-login2", 16, 12, Now.AddSeconds(-5));
    }

    async Task<Guid> DefineDeployments()
    {
        var schema = JsonElement.Parse("""
            {"type":"object","required":["measurementSet"],"additionalProperties":false,"properties":{
              "measurementSet":{"type":"string","minLength":1,"description":"Directory of the MeasurementSet"},
              "beams":{"type":"integer","minimum":1,"maximum":36,"default":36,"description":"How many beams are reduced"},
              "band":{"type":"string","enum":["low","middle","high"],"default":"low"},
              "threshold":{"type":"number","exclusiveMinimum":0,"maximum":20,"default":6.5,"description":"Flag above so many standard deviations"},
              "keepIntermediate":{"type":"boolean","default":false},
              "antennas":{"type":"array","items":{"type":"string"},"maxItems":36}}}
            """);
        var answered = await bus.Request(
            new DefineDeployment
            {
                FlowName = "holography",
                Name = "galaxy",
                Description = "Reduces one holography observation on the galaxy cluster",
                Program = Program,
                ParameterSchema = schema,
                Parameters = JsonElement.Parse("""{"band":"middle"}"""),
                Queue = "galaxy",
                Tags = ["holography", "askap"],
                Infrastructure = "process",
                Schedules = [new ScheduleDefinition { Cron = "0 3 * * *", TimeZone = "Australia/Perth", Active = true, CatchUp = "last" }],
            },
            TestContext.Current.CancellationToken);
        _ = await bus.Request(
            new DefineDeployment
            {
                FlowName = "archive",
                Name = "nightly",
                Program = Program with { Path = "/opt/holoflow/flows/Archive.dll", Method = null },
                ParameterSchema = JsonElement.Parse("""{"type":"object","properties":{},"additionalProperties":false}"""),
                Parameters = JsonElement.Parse("{}"),
                Queue = "default",
                Infrastructure = "process",
                Schedules = [new ScheduleDefinition { IntervalSeconds = 21_600, Active = true, CatchUp = "last" }],
            },
            TestContext.Current.CancellationToken);
        return answered.Id!.Value;
    }

    async Task DefineQueues()
    {
        _ = await bus.Request(new DefineQueue("galaxy") { Description = "Reductions on the cluster", ConcurrencyLimit = 4, Priority = 0 }, TestContext.Current.CancellationToken);
        _ = await bus.Request(new DefineQueue("default") { Priority = 1 }, TestContext.Current.CancellationToken);
        _ = await bus.Request(new DefineQueue("reprocessing") { Description = "Old observations, when there is room", Paused = true, Priority = 2 }, TestContext.Current.CancellationToken);
    }

    async Task PlaySmall(DateTimeOffset at)
    {
        time.Set(at);
        var run = await Start(bus, Run("archive", "default", $"archive-{++_number:D3}"), at);
        var end = at.AddMinutes(_random.Next(1, 40));
        var (report, message) = _random.Next(12) switch { 0 => (RunReport.Failed, Messages[_number % 3]), 1 => (RunReport.Cancelled, null), _ => (RunReport.Completed, null) };
        time.Set(end);
        await run.Report(report, end, message);
    }

    async Task<Guid> PlayReduction(DateTimeOffset at, int day)
    {
        time.Set(at);
        var run = await Start(bus, Run("holography", "galaxy", $"sbid-{58_000 + (7 * (6 - day))}") with { DeploymentId = DeploymentId, Parameters = JsonElement.Parse($$"""{"measurementSet":"/data/{{58_000 + (7 * (6 - day))}}.ms","sbid":{{58_000 + (7 * (6 - day))}},"beams":12}""") }, at);
        var end = await PlayTasks(run, at, until: null);
        await PlayQuality(run, end, day);
        await run.Log([.. Enumerable.Range(1, 1500).Select(i => (at.AddSeconds(i), i % 240 == 0 ? 4 : i % 60 == 0 ? 3 : 2, LogText(i), (Guid?)null))]);
        time.Set(end);
        await run.Report(RunReport.Completed, end);
        return run.Id;
    }

    static string LogText(int i) => i % 240 == 0
        ? $"beam {i % 36}: solution diverged\n  at Reduction.Solve(Beam beam) line 112\n  at Reduction.Run() line 40"
        : i % 60 == 0 ? $"\u001b[33mwarning\u001b[0m flagged {i % 97 / 10.0:0.0} % of beam {i % 36}" : $"beam {i % 36}: channel {i % 288} solved, chi2 {1 + (i % 13 / 100.0):0.00}";

    /// <summary>Split, calibrate and image a dozen beams, then merge: as far as a time, or to the end.</summary>
    async Task<DateTimeOffset> PlayTasks(PlayedRun run, DateTimeOffset at, DateTimeOffset? until)
    {
        const int Beams = 12, Slots = 5;
        var events = new List<RunEvent>();
        var admit = Task(events, "admit", "admit", at, at.AddSeconds(1), at.AddSeconds(40), until);
        var free = Enumerable.Range(0, Slots).Select(slot => at.AddSeconds(42 + (slot * 95))).ToArray();
        var jobs = Enumerable.Range(0, Slots).Select(_ => new List<(Guid Task, DateTimeOffset At)>()).ToArray();
        var began = free.ToArray();
        var last = new List<Guid>();
        foreach (var stage in (string[])["split", "calibrate", "regrid"])
        {
            var stageTasks = new List<Guid>();
            for (var beam = 0; beam < Beams; beam++)
            {
                var slot = Array.IndexOf(free, free.Min());
                var end = free[slot].AddSeconds(_random.Next(60, 420) * (stage == "calibrate" ? 2 : 1));
                stageTasks.Add(Task(events, stage, $"{stage}-{beam}", at.AddSeconds(41), free[slot], end, until, beam, stage == "split" ? admit : last[beam]));
                jobs[slot].Add((stageTasks[^1], free[slot]));
                free[slot] = end.AddSeconds(1);
            }

            last = stageTasks;
        }

        for (var slot = 0; slot < Slots; slot++)
            PlayJob(events, slot, at.AddSeconds(41), began[slot], free[slot], jobs[slot], until);
        var merged = free.Max();
        var merge = Task(events, "merge-beams", "merge-beams", merged, merged.AddSeconds(1), merged.AddSeconds(300), until, null, [.. last]);
        foreach (var (name, seconds) in new[] { ("write-cube", 260), ("qa-plots", 180), ("pointing-report", 45) })
            Task(events, name, name, merged.AddSeconds(301), merged.AddSeconds(302), merged.AddSeconds(302 + seconds), until, null, merge);
        await run.Tell(events.OrderBy(e => e.At).ToList());
        return merged.AddSeconds(570);
    }

    /// <summary>A Slurm job that waited for its place, and executed the tasks of one slot.</summary>
    static void PlayJob(List<RunEvent> events, int slot, DateTimeOffset asked, DateTimeOffset began, DateTimeOffset ended, List<(Guid Task, DateTimeOffset At)> tasks, DateTimeOffset? until)
    {
        var job = new AllocationReport { Key = "beams-1", ArrayIndex = slot, Cluster = "galaxy", JobId = 771_204, Phase = AllocationPhase.Waiting, State = "Pending", Message = "jobs with a higher priority are before it", Partition = "work" };
        Tell(asked, job);
        var runs = job with { Phase = AllocationPhase.Running, State = "Running", Message = "it runs", Node = $"nid0{1012 + slot}" };
        Tell(began, runs);
        foreach (var (task, at) in tasks)
            Tell(at, runs with { Tasks = [task] });
        Tell(ended, slot == 3 ? runs with { Phase = AllocationPhase.Ended, State = "TimeLimit", Message = "its walltime was over" } : runs with { Phase = AllocationPhase.Ended, State = "Completed", Message = "its program ended with 0" });

        void Tell(DateTimeOffset at, AllocationReport report)
        {
            if (until is null || at <= until)
                events.Add(Job(report, at));
        }
    }

    static Guid Task(List<RunEvent> events, string name, string runName, DateTimeOffset created, DateTimeOffset started, DateTimeOffset ended, DateTimeOffset? until, int? mapIndex = null, params IReadOnlyList<Guid> after)
    {
        var id = Guid.CreateVersion7(created);
        if (until is { } end && created > end)
            return id;
        events.Add(Created(id, name, runName, created, mapIndex, after));
        if (until is null || started <= until)
            events.Add(Entered(id, "Running", started));
        if (until is null || ended <= until)
            events.Add(Entered(id, "Completed", ended));
        return id;
    }

    async Task PlayQuality(PlayedRun run, DateTimeOffset at, int day)
    {
        var artifacts = Directory.CreateDirectory(new RunDirectory(Path.Combine(home, "runs", run.Id.ToString())).Artifacts).FullName;
        var events = new List<RunEvent>();
        foreach (var (key, title, phase) in new[] { ("beams-i", "Stokes I of all beams", 0.0), ("leakage", "Leakage Q, U, V", 1.5), ("pointing-arrows", "Pointing of the antennas", 3.0) })
        {
            var file = $"{Guid.CreateVersion7():N}.png";
            WritePicture(Path.Combine(artifacts, file), title, phase + (day * 0.3));
            events.Add(Made(key, "image", title, null, at, file));
        }

        object Check(string name, double value, string unit, double warn, double fail) =>
            new { name, value, unit, warnAbove = warn, failAbove = fail, status = value > fail ? "fail" : value > warn ? "warn" : "pass" };
        var wave = Math.Sin(day * 1.3);
        events.Add(Made("qa", "table", "Quality: warn", new[]
        {
            Check("half-power width against 1.09 lambda/D, worst", Math.Round(0.08 + (0.03 * wave), 4), "fraction", 0.15, 0.4),
            Check("squint of X against Y, worst", Math.Round(2.2 + (1.1 * wave), 3), "arcmin", 3, 10),
            Check("antenna pointing off the array's, rms", Math.Round(1.4 + (0.5 * Math.Cos(day)), 3), "arcmin", 3, 10),
            Check("mean beam off its nominal position, worst", Math.Round(3.1 - wave, 3), "arcmin", 6, 20),
        }, at));
        events.Add(Made("qa-summary", "markdown", "Quality", "**warn**: 3 of 4 checks pass.\n- dropped: ak07: no data (beams 3, 4)\n- see `qa.json`", at));
        events.Add(Made("products", "table", "Products", Enumerable.Range(0, 5).Select(i => new { Product = $"beam{i:D2}.fits", Bytes = 3_400_000 + (i * 1000), Folder = "/data/products" }), at));
        await run.Tell(events);
    }

    static void WritePicture(string path, string title, double phase)
    {
        const int Size = 64;
        var values = new float[Size * Size];
        for (var i = 0; i < values.Length; i++)
        {
            var (u, v) = (((i % Size) - 32) / 12.0, ((i / Size) - 32) / 12.0);
            values[i] = (float)(Math.Exp(-((u * u) + (v * v))) + (0.12 * Math.Cos((u * 4) + phase) * Math.Cos(v * 4)));
        }

        var grid = new Grid(values, Size, Size, -2, 4.0 / Size, -2, 4.0 / Size);
        new Figure(title).Add(new Panel(grid.AxisX("degrees East"), grid.AxisY("degrees North")).Add(new HeatMap(grid, new ColourScale(ColourMap.Viridis, -0.1, 1)))).SavePng(path);
    }

    async Task PlayFailed()
    {
        var at = Now.AddHours(-3);
        time.Set(at);
        var run = await Start(bus, Run("holography", "galaxy", "sbid-58049"), at);
        var task = Guid.CreateVersion7(at);
        await run.Tell(
            Created(task, "calibrate", "calibrate-3", at), Entered(task, "Running", at.AddSeconds(2)), Entered(task, "Failed", at.AddMinutes(4), message: "Reduction.SolutionException: beam 3 diverged after 40 iterations"));
        time.Set(at.AddMinutes(5));
        await run.Report(RunReport.Failed, at.AddMinutes(5), "task calibrate-3 failed: beam 3 diverged after 40 iterations");
        Failed = run.Id;
    }

    async Task PlayRunning()
    {
        var at = Now.AddMinutes(-31);
        time.Set(at);
        var run = await Start(bus, Run("holography", "galaxy", "sbid-58056") with { DeploymentId = DeploymentId, Parameters = JsonElement.Parse("""{"measurementSet":"/data/58056.ms","beams":12}""") }, at);
        _ = await PlayTasks(run, at, until: Now);
        await run.Tell(run.Progressed(0.62, "calibrating beams", Now.AddMinutes(-1), secondsLeft: 1260));
        await run.Log([.. Enumerable.Range(1, 400).Select(i => (at.AddSeconds(i), 2, LogText(i), (Guid?)null))]);
        Live = run.Id;
        time.Set(Now.AddMinutes(-6));
        _ = await Start(bus, Run("archive", "default", "archive-999"), Now.AddMinutes(-6));
    }

    async Task PlayWaiting()
    {
        foreach (var i in Enumerable.Range(0, 3))
        {
            time.Set(Now.AddMinutes(i - 50));
            _ = await Submit(bus, Run("holography", "reprocessing", $"again-{52_000 + i}"));
        }

        time.Set(Now.AddMinutes(-2));
        _ = await Submit(bus, Run("imaging", "tape", "stage-tapes"));
    }

    async Task Announce(string name, int slots, int free, DateTimeOffset at)
    {
        time.Set(at);
        await bus.Publish(new AgentCapacityChanged { AgentId = name, Name = name, Host = $"{name}.example.org", Queues = ["galaxy", "default"], Tags = [], Slots = slots, FreeSlots = free, Sequence = 1, Version = "0.1.0" }, TestContext.Current.CancellationToken);
        time.Set(Now);
    }

    SubmitRun Run(string flow, string queue, string name) => new()
    {
        RunId = Guid.CreateVersion7(time.GetUtcNow()),
        RunName = name,
        FlowName = flow,
        Program = Program,
        Parameters = JsonElement.Parse("{}"),
        Queue = queue,
        Tags = flow == "holography" ? ["askap"] : [],
    };
}
