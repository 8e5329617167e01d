using System.Text.Json;
using Holoflow.Contracts;
using Holoflow.RunProtocol.Files;

namespace Holoflow.Agent.State;

/// <summary>The JSON of a held run's record.</summary>
static class HeldRunRecordJson
{
    public static ReadOnlyMemory<byte> Format(HeldRunRecord record) => JsonText.Object(json =>
    {
        json.WriteString("runId", record.RunId);
        json.WriteString("runName", record.RunName);
        json.WriteString("flowName", record.FlowName);
        json.WriteString("agentId", record.AgentId);
        json.WriteNumber("epoch", record.Epoch);
        json.WriteNumber("attempt", record.Attempt);
        json.WriteNumber("leaseSeconds", record.LeaseSeconds);
        json.WriteString("runDirectory", record.RunDirectory);
        json.WriteNumber("timeoutSeconds", record.TimeoutSeconds);
        json.WriteString("host", record.Host);
        json.WriteString("bootId", record.BootId);
        json.WriteBoolean("giveBack", record.GiveBack);
        json.WriteString("cluster", record.Cluster);
        json.WriteNumber("wanted", (int)record.Wanted);
        json.WriteString("reason", record.Reason);
    });

    /// <summary>Null where it is torn, or not what <see cref="Format"/> writes.</summary>
    public static HeldRunRecord? Parse(ReadOnlySpan<byte> text)
    {
        try
        {
            var json = JsonElement.Parse(text);
            return new HeldRunRecord
            {
                RunId = json.GetProperty("runId").GetGuid(),
                RunName = json.GetProperty("runName").GetString()!,
                FlowName = json.GetProperty("flowName").GetString()!,
                AgentId = json.GetProperty("agentId").GetString()!,
                Epoch = json.GetProperty("epoch").GetInt64(),
                Attempt = json.GetProperty("attempt").GetInt32(),
                LeaseSeconds = json.GetProperty("leaseSeconds").GetDouble(),
                RunDirectory = json.GetProperty("runDirectory").GetString()!,
                TimeoutSeconds = json.GetProperty("timeoutSeconds").GetDouble(),
                Host = json.GetProperty("host").GetString()!,
                BootId = json.GetProperty("bootId").GetString()!,
                GiveBack = json.GetProperty("giveBack").GetBoolean(),
                Cluster = json.TryGetProperty("cluster", out var cluster) ? cluster.GetString() : null,
                Wanted = (WantedOfRun)json.GetProperty("wanted").GetInt32(),
                Reason = json.GetProperty("reason").GetString(),
            };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            return null;
        }
    }
}
