using System.Security.Cryptography;
using Holoflow.HolographyFlow.Flows;
using Holoflow.HolographyFlow.Parameters;
using Holoflow.HolographyFlow.Simulation;
using Holoflow.Sdk.Testing;

namespace Holoflow.HolographyFlow.Tests;

/// <summary>A small simulated observation in a folder of its own, and its reduction: a test changes the one thing it is about.</summary>
sealed class SmallObservation : IDisposable
{
    public const int Sbid = 42, Pixels = 33;
    readonly TemporaryFolder _folder = new();

    public string Workdir => _folder.Path;

    public string Root => _folder.File($"{Sbid}");

    public string Products => Path.Combine(Root, "products");

    public SimulateParameters Simulation => new()
    {
        Sbid = Sbid,
        Workdir = Workdir,
        Antennas = 5,
        ReferenceAntenna = 2,
        Beams = 3,
        Channels = 6,
        RasterColumns = 7,
        RasterRows = 7,
        IntegrationsPerPoint = 1,
        OutputPixels = Pixels,
    };

    public HolographyParameters Reduction => new() { Sbid = Sbid, Workdir = Workdir, MinAntennas = 3, OutputPixels = Pixels, TaylorTerms = 2, MaxOrder = 2 };

    /// <summary>Simulates; the test fails where that does.</summary>
    public static async Task<SmallObservation> Simulate(Func<SimulateParameters, SimulateParameters>? change = null)
    {
        var observation = new SmallObservation();
        var run = await FlowTest.Run(SimulateFlow.Simulate, change is null ? observation.Simulation : change(observation.Simulation));
        Assert.True(run.State.IsCompleted, $"{run.State}\n{run.Failure}");
        return observation;
    }

    public static Task<SmallObservation> WithFault(params string[] faults) => Simulate(p => p with { Faults = faults });

    public FlowTest<HolographyResult> Flow(Func<HolographyParameters, HolographyParameters>? change = null) =>
        FlowTest.Of(HolographyMainFlow.Holography, change is null ? Reduction : change(Reduction));

    /// <summary>Reduces once.</summary>
    public async Task<FlowTestResult<HolographyResult>> Reduce(Func<HolographyParameters, HolographyParameters>? change = null)
    {
        using var flow = Flow(change);
        return await flow.Run(TestContext.Current.CancellationToken);
    }

    /// <summary>Reduces, and fails the test where that fails.</summary>
    public async Task<FlowTestResult<HolographyResult>> Reduced(Func<HolographyParameters, HolographyParameters>? change = null)
    {
        var run = await Reduce(change);
        Assert.True(run.State.IsCompleted, $"{run.State}\n{run.Failure}");
        return run;
    }

    /// <summary>Reduces, and expects a refusal that says all of these words; nothing was made.</summary>
    public async Task Refused(Func<HolographyParameters, HolographyParameters>? change, params string[] words)
    {
        var run = await Reduce(change);
        Assert.True(run.State.Name == "Failed", $"it is {run.State}");
        Assert.All(words, word => Assert.Contains(word, run.Failure!.Message, StringComparison.OrdinalIgnoreCase));
        Assert.False(Directory.Exists(Products) && Directory.EnumerateFiles(Products).Any(), "there are products");
    }

    /// <summary>Hashes of all that a reduction wrote, by path in the observation.</summary>
    public SortedDictionary<string, string> Contents() => new(
        new[] { "intermediate", "products", "reports" }.Select(name => Path.Combine(Root, name)).Where(Directory.Exists).SelectMany(Directory.EnumerateFiles)
            .ToDictionary(file => Path.GetRelativePath(Root, file), file => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)))),
        StringComparer.Ordinal);

    public void Dispose() => _folder.Dispose();
}
