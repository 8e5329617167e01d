using System.Text.Json;
using System.Text.Json.Serialization;
using Holoflow.ApiModel.Deployments;

namespace Holoflow.ApiModel.FlowRuns;

/// <summary>Asks for a run of a deployment.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record CreateDeploymentRun
{
    /// <summary>One JSON object; what it leaves out comes from the deployment, then from the flow.</summary>
    public JsonElement? Parameters { get; init; }

    /// <summary>Null: a name is made.</summary>
    public string? Name { get; init; }

    /// <summary>Added to the deployment's.</summary>
    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>Null: the deployment's.</summary>
    public string? Queue { get; init; }

    /// <summary>Null: the deployment's. A lower number goes first.</summary>
    public int? Priority { get; init; }

    /// <summary>Null: now. Not together with <see cref="DelaySeconds"/>.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>Seconds from now.</summary>
    public double? DelaySeconds { get; init; }

    /// <summary>Skip the run where it has not started by then.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>Asks for a run of a program that has no deployment (<c>holoflow run</c>).</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record CreateFlowRun
{
    public required string FlowName { get; init; }

    public required FlowProgram Program { get; init; }

    /// <summary>JSON Schema of the parameters, as the program describes them; null: they are not checked.</summary>
    public JsonElement? ParameterSchema { get; init; }

    public JsonElement? Parameters { get; init; }

    public string? Name { get; init; }

    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>Null: <c>default</c>.</summary>
    public string? Queue { get; init; }

    public int? Priority { get; init; }

    /// <summary>Null: now. Not together with <see cref="DelaySeconds"/>.</summary>
    public DateTimeOffset? At { get; init; }

    public double? DelaySeconds { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>A run was asked for.</summary>
/// <param name="Id">The run's id.</param>
/// <param name="Stored">False (HTTP 202): the state store has not answered yet; ask again with the same Idempotency-Key.</param>
/// <param name="Repeated">True: a run with this Idempotency-Key was there already, and this is its id.</param>
public sealed record RunCreated(Guid Id, bool Stored = true, bool Repeated = false);

/// <summary>Why a run is cancelled, paused or retried.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record RunCommand
{
    public string? Reason { get; init; }
}

/// <summary>What became of a command.</summary>
/// <param name="Changed">False: it was so already; the reason says how.</param>
/// <param name="Reason">For people.</param>
/// <param name="Id">The thing that was changed, where it has an id.</param>
/// <param name="Version">Its version or revision now.</param>
public sealed record CommandResult(bool Changed, string? Reason = null, Guid? Id = null, long Version = 0);
