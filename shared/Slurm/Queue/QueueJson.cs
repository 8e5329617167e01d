using System.Text.Json;
using Holoflow.Slurm.Jobs;

namespace Holoflow.Slurm.Queue;

/// <summary>squeue's JSON, over its versions: a number may be a number, null, or an object with "set" and "number"; a state may be a word or a list.</summary>
static class QueueJson
{
    /// <exception cref="JsonException">The output is not JSON with a list of jobs.</exception>
    public static QueueAnswer Parse(string output)
    {
        using var document = JsonDocument.Parse(output);
        if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("jobs", out var jobs) || jobs.ValueKind != JsonValueKind.Array)
            throw new JsonException("squeue --json gave no list of jobs");
        var entries = new List<QueueEntry>();
        var strange = new List<string>();
        foreach (var job in jobs.EnumerateArray())
        {
            if (job.ValueKind == JsonValueKind.Object && Number(job, "job_id") is { } id)
                entries.Add(Entry(job, id));
            else
                strange.Add(job.GetRawText());
        }

        return new(entries, strange);
    }

    static QueueEntry Entry(JsonElement job, long id)
    {
        var array = Number(job, "array_job_id") is { } a and > 0 ? a : (long?)null;
        return new(
            id, array, array is null ? null : Tasks(job), State(job), Text(job, "state_reason"), (int)(Number(job, "restart_cnt") ?? 0), Exit(job),
            Time(job, "start_time"), Time(job, "end_time"), Text(job, "partition"), Text(job, "nodes"), Text(job, "name"), Text(job, "comment"));
    }

    static ArrayTasks Tasks(JsonElement job) =>
        Text(job, "array_task_string") is { Length: > 0 } waiting ? ArrayTasks.Parse(waiting)
        : ArrayTasks.Parse(Number(job, "array_task_id") is { } one ? $"{one}" : "");

    static JobState State(JsonElement job) =>
        !job.TryGetProperty("job_state", out var state) ? JobState.Parse("")
        : state.ValueKind == JsonValueKind.Array ? JobState.Parse(state.EnumerateArray().Select(word => word.ToString()))
        : JobState.Parse(state.ToString());

    static JobExit? Exit(JsonElement job)
    {
        if (!job.TryGetProperty("exit_code", out var exit))
            return null;
        if (exit.ValueKind == JsonValueKind.Object && exit.TryGetProperty("return_code", out _))
        {
            var signal = exit.TryGetProperty("signal", out var inner) && inner.ValueKind == JsonValueKind.Object ? Number(inner, "id") ?? Number(inner, "signal_id") : null;
            return new((int)(Number(exit, "return_code") ?? 0), (int)(signal ?? 0));
        }

        return Number(job, "exit_code") is { } value ? JobExit.FromWait(value) : null;
    }

    static DateTimeOffset? Time(JsonElement job, string name) => Number(job, name) is { } seconds ? SlurmTime.Unix(seconds) : null;

    static string Text(JsonElement job, string name) =>
        !job.TryGetProperty(name, out var value) ? ""
        : value.ValueKind switch { JsonValueKind.String => value.GetString()!, JsonValueKind.Null => "", _ => value.GetRawText() };

    static long? Number(JsonElement parent, string name)
    {
        if (!parent.TryGetProperty(name, out var value))
            return null;
        if (value.ValueKind == JsonValueKind.Object)
            return value.TryGetProperty("set", out var set) && set.ValueKind == JsonValueKind.False ? null : Number(value, "number");
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number
            : value.ValueKind == JsonValueKind.String && long.TryParse(value.GetString(), out number) ? number
            : null;
    }
}
