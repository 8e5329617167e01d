using System.Text.Json;
using Holoflow.RunProtocol;
using Holoflow.RunProtocol.Journal;

namespace Holoflow.Sdk;

/// <summary>What earlier attempts of a run left in its journal: which task runs there are, and which of them completed.</summary>
sealed class RunHistory
{
    readonly Dictionary<(Guid? Run, string Identity), List<string>> _keys = [];
    readonly Dictionary<(Guid? Run, string Name), int> _numbers = [];
    readonly HashSet<Guid> _known = [];
    readonly HashSet<Guid> _completed = [];
    readonly Dictionary<Guid, int> _runCounts = [];

    public static RunHistory Read(RunDirectory directory)
    {
        var history = new RunHistory();
        if (!File.Exists(directory.Journal))
            return history;
        using var reader = new StreamReader(directory.Journal, new FileStreamOptions { Access = FileAccess.Read, Share = FileShare.ReadWrite | FileShare.Delete });
        while (reader.ReadLine() is { } line)
            history.Apply(line);
        return history;
    }

    /// <summary>True where an attempt started and wrote no end: it crashed.</summary>
    public bool LastAttemptCrashed { get; private set; }

    /// <summary>The keys of task runs with this identity, in the order in which they were submitted.</summary>
    public IReadOnlyList<string> KeysOf(Guid? run, string identity) => _keys.TryGetValue((run, identity), out var keys) ? keys : [];

    /// <summary>The highest number that a task's or nested flow's keys have.</summary>
    public int HighestNumber(Guid? run, string name) => _numbers.GetValueOrDefault((run, name));

    public bool Knows(Guid id) => _known.Contains(id);

    public bool Completed(Guid id) => _completed.Contains(id);

    /// <summary>How often the task run was started.</summary>
    public int RunCount(Guid id) => _runCounts.GetValueOrDefault(id);

    void Apply(string line)
    {
        // Most of a journal is log lines; they say nothing here.
        if (line.StartsWith("""{"k":"log""", StringComparison.Ordinal))
            return;
        JournalEntry? entry;
        try
        {
            entry = JsonSerializer.Deserialize(line, JournalFormat.Default.JournalEntry);
        }
        catch (JsonException)
        {
            // The agent passes such a line over as well.
            return;
        }
        switch (entry)
        {
            case FlowStarted:
                LastAttemptCrashed = true;
                break;
            case FlowEnded:
                LastAttemptCrashed = false;
                break;
            case TaskCreated created:
                Create(created.Run, created.Task, created.Key, created.TaskName, created.Identity);
                break;
            case NestedRunCreated nested:
                Create(nested.Run, nested.NestedRun, nested.Key ?? nested.RunName, nested.FlowName, nested.Identity);
                break;
            case TaskChanged changed:
                Change(changed.Task, changed.Type, changed.RunCount);
                break;
            case NestedRunChanged changed:
                Change(changed.NestedRun, changed.Type, 0);
                break;
        }
    }

    void Create(Guid? run, Guid id, string key, string name, string? identity)
    {
        if (!_known.Add(id))
            return;
        if (identity is not null)
            Keys(run, identity).Add(key);
        if (key.Length > name.Length && int.TryParse(key.AsSpan(name.Length + 1), out var number))
            _numbers[(run, name)] = Math.Max(number, HighestNumber(run, name));
    }

    void Change(Guid id, string type, int runCount)
    {
        if (type == nameof(RunStateType.Completed))
            _completed.Add(id);
        _runCounts[id] = Math.Max(runCount, RunCount(id));
    }

    List<string> Keys(Guid? run, string identity)
    {
        if (!_keys.TryGetValue((run, identity), out var keys))
            _keys[(run, identity)] = keys = [];
        return keys;
    }
}
