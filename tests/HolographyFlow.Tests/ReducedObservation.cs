using Holoflow.HolographyFlow.Flows;
using Holoflow.Sdk.Testing;

namespace Holoflow.HolographyFlow.Tests;

/// <summary>One small observation, reduced once for all tests that only look at its products. Beam 1 of three is missing.</summary>
public sealed class ReducedObservation : IAsyncLifetime
{
    SmallObservation? _observation;
    FlowTestResult<HolographyResult>? _run;

    internal SmallObservation Observation => _observation!;

    internal FlowTestResult<HolographyResult> Run => _run!;

    internal string Product(string kind) => Run.Result.Files.Single(file => file.EndsWith(kind, StringComparison.Ordinal));

    public async ValueTask InitializeAsync()
    {
        _observation = await SmallObservation.WithFault("missing-beam:1");
        _run = await _observation.Reduced(p => p with { MinBeams = 2 });
    }

    public ValueTask DisposeAsync()
    {
        _observation?.Dispose();
        return ValueTask.CompletedTask;
    }
}
