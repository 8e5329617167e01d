using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Holoflow.RunProtocol;

/// <summary>What the agent tells the flow process about its run, beside the parameters.</summary>
public sealed record RunDescription
{
    public required Guid RunId { get; init; }

    public required string RunName { get; init; }

    public required string FlowName { get; init; }

    public string? DeploymentName { get; init; }

    public IReadOnlyList<string> Tags { get => field ?? []; init; } = [];

    /// <summary>Which launch of the process this is, from 1.</summary>
    public required int Attempt { get; init; }

    public required long Epoch { get; init; }

    public DateTimeOffset? ScheduledFor { get; init; }

    /// <summary>Where the journal of earlier attempts is not on this host: its entries are numbered after this. 0: from 1, or after its last line.</summary>
    public long JournalAfter { get; init; }

    /// <summary>What has a concurrency limit: tags and names of which a task needs a slot. Null: nobody gives slots, and none is asked for.</summary>
    public IReadOnlyList<string>? Limited { get; init; }

    /// <summary>The description as UTF-8 JSON, without the generated serializer: an agent writes it before it launches.</summary>
    public byte[] ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("runId", RunId);
            json.WriteString("runName", RunName);
            json.WriteString("flowName", FlowName);
            if (DeploymentName is not null)
                json.WriteString("deploymentName", DeploymentName);
            json.WriteStartArray("tags");
            foreach (var tag in Tags)
                json.WriteStringValue(tag);
            json.WriteEndArray();
            json.WriteNumber("attempt", Attempt);
            json.WriteNumber("epoch", Epoch);
            if (ScheduledFor is { } due)
                json.WriteString("scheduledFor", due);
            if (JournalAfter > 0)
                json.WriteNumber("journalAfter", JournalAfter);
            if (Limited is not null)
            {
                json.WriteStartArray("limited");
                foreach (var name in Limited)
                    json.WriteStringValue(name);
                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads a description from UTF-8 JSON, without the generated serializer: a flow process starts with it.</summary>
    /// <exception cref="JsonException">It is no description of a run; the message says what is missing.</exception>
    public static RunDescription Parse(ReadOnlySpan<byte> json)
    {
        var description = JsonElement.Parse(json);
        try
        {
            return new RunDescription
            {
                RunId = description.GetProperty("runId").GetGuid(),
                RunName = description.GetProperty("runName").GetString()!,
                FlowName = description.GetProperty("flowName").GetString()!,
                DeploymentName = description.TryGetProperty("deploymentName", out var deployment) ? deployment.GetString() : null,
                Tags = description.TryGetProperty("tags", out var tags) ? [.. tags.EnumerateArray().Select(tag => tag.GetString()!)] : [],
                Attempt = description.GetProperty("attempt").GetInt32(),
                Epoch = description.GetProperty("epoch").GetInt64(),
                ScheduledFor = description.TryGetProperty("scheduledFor", out var due) && due.ValueKind != JsonValueKind.Null ? due.GetDateTimeOffset() : null,
                JournalAfter = description.TryGetProperty("journalAfter", out var after) ? after.GetInt64() : 0,
                Limited = description.TryGetProperty("limited", out var limited) && limited.ValueKind == JsonValueKind.Array ? [.. limited.EnumerateArray().Select(name => name.GetString()!)] : null,
            };
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new JsonException($"it does not describe a run: {e.Message}", e);
        }
    }
}

/// <summary>A request of the agent to the flow process. Cancel also comes as SIGTERM.</summary>
/// <param name="Kind">What is asked for.</param>
/// <param name="Reason">Why, for people.</param>
/// <param name="Attempt">The attempt it is meant for; a later attempt passes it over. 0: the one that runs when it is written.</param>
public sealed record ControlRequest([property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] ControlKind Kind, string? Reason = null, int Attempt = 0)
{
    /// <summary>The requests that have got their slots (<see cref="ControlKind.SlotsGranted"/>).</summary>
    public IReadOnlyList<Guid>? Slots { get; init; }

    /// <summary>All that has a limit now (<see cref="ControlKind.Limited"/>).</summary>
    public IReadOnlyList<string>? Limited { get; init; }
}

[JsonConverter(typeof(JsonStringEnumConverter<ControlKind>))]
public enum ControlKind
{
    Cancel,
    Pause,
    Resume,
    SlotsGranted,
    Limited,
}

/// <summary>What a flow program says of itself when asked by <see cref="RunEnvironment.DescribeTo"/>.</summary>
/// <param name="Flows">Its flows.</param>
/// <param name="Mistakes">All mistakes of its definitions; a program with any runs nothing.</param>
public sealed record ProgramDescription(IReadOnlyList<FlowDescription> Flows, IReadOnlyList<string> Mistakes);

/// <summary>One flow of a program.</summary>
public sealed record FlowDescription
{
    /// <summary>The method, as ENTRYPOINT names it after the colon.</summary>
    public required string Method { get; init; }

    /// <summary>The flow's name, for people and for <c>FLOW/DEPLOYMENT</c>.</summary>
    public required string Name { get; init; }

    public string? Description { get; init; }

    public string? Version { get; init; }

    public int Retries { get; init; }

    public double RetryDelaySeconds { get; init; }

    /// <summary>0: none.</summary>
    public double TimeoutSeconds { get; init; }

    /// <summary>JSON Schema of the parameters (2020-12 subset: type, title, description, default, minimum, maximum, enum, items, properties, required, additionalProperties).</summary>
    public required JsonElement ParameterSchema { get; init; }
}
