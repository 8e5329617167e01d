using System.Globalization;
using System.Text.Json;
using Holoflow.Api.Events;
using Holoflow.Api.Mapping;
using Holoflow.ApiModel;
using Holoflow.ApiModel.FlowRuns;
using Holoflow.ReadModel.FlowRuns;
using Holoflow.ReadModel.Logs;

namespace Holoflow.Api.Following;

/// <summary>Sends the log lines of a run as they are stored, until the run has ended and all are sent.</summary>
sealed class LogFollower(FlowRunDetails runs, LogLines lines, RunBells bells, TimeProvider time, ApiOptions options)
{
    const int AtMost = 1000;

    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    public async Task Follow(EventStreamWriter writer, Guid id, LogQuery query, CancellationToken cancellation)
    {
        using var bell = bells.Hang(id);
        await writer.Start(cancellation);
        while (true)
        {
            // The state first: all lines of an ended run are stored. A deleted run has nothing to tell any more.
            if (await runs.Find(id, cancellation) is not { } run)
                return;
            var read = await lines.Read(id, query, AtMost, cancellation);
            if (read.Count > 0)
            {
                query = query with { After = read[^1].Position };
                Add(writer, query.After, new LogsWritten([.. read.Select(l => l.ToRow())]));
            }

            var ended = read.Count < AtMost && run.ToRow().State.IsFinal();
            if (ended)
                Add(writer, query.After, new RunEnded(run.ToRow()));
            await writer.FlushOrBeat(read.Count > 0 || ended, cancellation);
            if (ended)
                return;
            if (read.Count == AtMost)
                continue;
            await Task.Delay(Pause, time, cancellation);
            await bell.Wait(options.LookAgainAfter, time, cancellation);
        }
    }

    static void Add(EventStreamWriter writer, long position, RunUpdate update) =>
        writer.Add(position.ToString(CultureInfo.InvariantCulture), JsonSerializer.SerializeToUtf8Bytes(update, ApiJson.Default.RunUpdate));
}
