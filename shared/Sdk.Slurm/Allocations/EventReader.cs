using System.Globalization;
using System.Text.Json;

namespace Holoflow.Sdk.Slurm.Allocations;

/// <summary>Something that is new in an allocation's directory.</summary>
/// <param name="Slot">The slot.</param>
/// <param name="Start">Which worker of the slot.</param>
/// <param name="Event">What the worker told; null: it has ended.</param>
/// <param name="ExitStatus">Its exit status, where it has ended.</param>
readonly record struct SlotNews(int Slot, int Start, WorkerEvent? Event, int ExitStatus);

/// <summary>Reads what the workers of one job write. A worker's end comes after everything that it told.</summary>
sealed class EventReader(WorkerDirectory directory)
{
    readonly Dictionary<(int Slot, int Start), NewLines> _files = [];
    readonly HashSet<(int Slot, int Start)> _ended = [];

    /// <summary>What is new. A line that is no event is passed over, and told of.</summary>
    public IReadOnlyList<SlotNews> Read(Action<string> report)
    {
        if (!System.IO.Directory.Exists(directory.Path))
            return [];
        var names = System.IO.Directory.EnumerateFiles(directory.Path, "e*").Select(WorkerDirectory.Read).OfType<(string Kind, int Slot, int Start)>().OrderBy(n => n.Slot).ThenBy(n => n.Start).ToList();
        // Exits are listed before events are read: what a worker told is there when its exit is.
        var exits = names.Where(n => n.Kind == "exit" && !_ended.Contains((n.Slot, n.Start))).Select(n => (n.Slot, n.Start)).ToHashSet();
        var news = new List<SlotNews>();
        foreach (var (_, slot, start) in names.Where(n => n.Kind == "events" && !_ended.Contains((n.Slot, n.Start))))
        {
            if (!_files.TryGetValue((slot, start), out var lines))
                _files[(slot, start)] = lines = new NewLines(directory.Events(slot, start));
            while (lines.Read() is { Count: > 0 } some)
                news.AddRange(some.Select(line => Parse(line, report)).OfType<WorkerEvent>().Select(e => new SlotNews(slot, start, e, 0)));
            if (exits.Remove((slot, start)))
                AddExit(news, slot, start);
        }

        // Workers that could not even begin.
        foreach (var (slot, start) in exits)
            AddExit(news, slot, start);
        return news;
    }

    void AddExit(List<SlotNews> news, int slot, int start)
    {
        var status = int.TryParse(File.ReadAllText(directory.Exit(slot, start)).Trim(), NumberStyles.None, null, out var number) ? number : 1;
        _ended.Add((slot, start));
        _files.Remove((slot, start));
        news.Add(new SlotNews(slot, start, null, status));
    }

    static WorkerEvent? Parse(byte[] line, Action<string> report)
    {
        try
        {
            return WorkerEvent.Parse(line);
        }
        catch (JsonException e)
        {
            // Zeroes that a crashed node left.
            report($"a line of a worker cannot be read: {e.Message}");
            return null;
        }
    }
}
