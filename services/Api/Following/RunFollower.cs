using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Holoflow.Api.Events;
using Holoflow.Api.Mapping;
using Holoflow.ApiModel;
using Holoflow.ApiModel.FlowRuns;
using Holoflow.ReadModel.Following;

namespace Holoflow.Api.Following;

/// <summary>
/// Tells one reader what a run does. Everything told is read from the store, from the position in the reader's last event id on:
/// a lost bell, a slow reader, a broken connection or a restarted server costs time and nothing else.
/// </summary>
sealed class RunFollower(RunFollowing following, RunBells bells, TimeProvider time, ApiOptions options)
{
    static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(20);

    readonly Dictionary<Guid, long> _nested = [];

    /// <param name="writer">The reader.</param>
    /// <param name="id">The run.</param>
    /// <param name="position">Where to start.</param>
    /// <param name="logs">True: with log lines.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task Follow(EventStreamWriter writer, Guid id, FollowPosition position, bool logs, CancellationToken cancellation)
    {
        using var bell = bells.Hang(id);
        await writer.Start(cancellation);
        while (true)
        {
            var started = Stopwatch.GetTimestamp();
            // A deleted run has nothing to tell any more.
            if (await following.Read(id, position, logs, cancellation) is not { } news)
                return;
            var parts = Parts(position, news).ToList();
            var ended = !news.More && news.Run.ToRow().State.IsFinal();
            if (ended)
                parts.Add(new RunEnded(news.Run.ToRow()));
            Add(writer, parts, position, news.Position);
            await writer.FlushOrBeat(parts.Count > 0, cancellation);
            if (ended)
                return;
            position = news.Position;
            if (!news.More)
                await Rest(bell, Stopwatch.GetElapsedTime(started), cancellation);
        }
    }

    /// <summary>Reads the id of an event; an id that is none starts at the beginning.</summary>
    public static FollowPosition PositionOf(string? eventId) =>
        eventId?.Split('.') is [var version, var sequence, var log]
        && long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var v)
        && long.TryParse(sequence, NumberStyles.None, CultureInfo.InvariantCulture, out var s)
        && long.TryParse(log, NumberStyles.None, CultureInfo.InvariantCulture, out var l)
            ? new FollowPosition(v, s, l)
            : default;

    // However fast a run changes and however large it is, a follower keeps the database busy for a tenth of the time at most.
    async Task Rest(RunBell bell, TimeSpan reading, CancellationToken cancellation)
    {
        await Task.Delay(reading * 9 > ShortestPause ? reading * 9 : ShortestPause, time, cancellation);
        await bell.Wait(options.LookAgainAfter, time, cancellation);
    }

    // Whoever loses the connection between two parts gets those that follow, and states perhaps again; log lines never.
    static void Add(EventStreamWriter writer, List<RunUpdate> parts, FollowPosition before, FollowPosition after)
    {
        var position = before;
        for (var i = 0; i < parts.Count; i++)
        {
            position = parts[i] switch
            {
                _ when i == parts.Count - 1 => after,
                TasksChanged => position with { Sequence = after.Sequence },
                LogsWritten => position with { LogPosition = after.LogPosition },
                _ => position,
            };
            writer.Add(IdOf(position), JsonSerializer.SerializeToUtf8Bytes(parts[i], ApiJson.Default.RunUpdate));
        }
    }

    IEnumerable<RunUpdate> Parts(FollowPosition before, RunNews news)
    {
        if (news.Run.Version != before.Version)
            yield return new RunChanged(news.Run.ToRow());
        var nested = news.Family.Where(f => _nested.GetValueOrDefault(f.Id) != f.Version).ToList();
        foreach (var run in nested)
            _nested[run.Id] = run.Version;
        if (nested.Count > 0)
            yield return new NestedRunsChanged([.. nested.Select(f => f.ToRow())]);
        if (news.Artifacts.Count > 0)
            yield return new ArtifactsMade([.. news.Artifacts.Select(a => a.ToRow())]);
        if (news.Tasks.Count > 0)
            yield return new TasksChanged([.. news.Tasks.Select(t => t.ToRow())]);
        if (news.Lines.Count > 0)
            yield return new LogsWritten([.. news.Lines.Select(l => l.ToRow())]);
    }

    /// <summary>A position as the id of an event.</summary>
    public static string IdOf(FollowPosition position) =>
        string.Create(CultureInfo.InvariantCulture, $"{position.Version}.{position.Sequence}.{position.LogPosition}");
}
