namespace Holoflow.Persistence.Copies;

/// <summary>What a column of a copied row holds, whatever the database keeps it as.</summary>
public enum CopiedValue
{
    Id,
    Text,

    /// <summary>A whole number, or an instant in microseconds.</summary>
    Number,

    /// <summary>A fraction: written as text, so that none of its digits are lost.</summary>
    Fraction,
}

/// <summary>A column of a table that belongs to runs.</summary>
public sealed record RunColumn(string Name, CopiedValue Holds, bool MayBeNull = false);

/// <summary>
/// A table whose rows belong to runs, as a run is copied from one database to another: the same columns, values and order on every kind of database.
/// All SQL is made of the names that stand here.
/// </summary>
public sealed class RunTable
{
    public static readonly RunTable Runs = new(
        "flow_runs",
        "id",
        "r.id",
        "flow_runs r",
        "id! name flow_name deployment_id!? deployment_name? schedule_id!? fire_time#? idempotency_key? queue priority# tags parent_run_id!? parent_task_id!? state_type state_name "
        + "state_message? state_at# version# created_at# scheduled_for# due_at# expires_at#? started_at#? ended_at#? epoch# run_count# retries_used# crashes_used# max_retries# "
        + "retry_delay# crash_reschedules# events_through#");

    public static readonly RunTable Contents = new("flow_run_contents", "run_id", "r.run_id", "flow_run_contents r", "run_id! parameters program? result?");

    public static readonly RunTable Parameters = new("flow_run_parameters", "run_id", "r.name, r.value", "flow_run_parameters r", "name value created_at# run_id!");

    public static readonly RunTable Tags = new("flow_run_tags", "run_id", "r.tag", "flow_run_tags r", "tag created_at# run_id!");

    public static readonly RunTable States = new("flow_run_states", "run_id", "r.version", "flow_run_states r", "run_id! version# state_type state_name message? at# epoch# agent?");

    public static readonly RunTable Tasks = new(
        "task_runs",
        "run_id",
        "r.created_sequence, r.id",
        "task_runs r",
        "id! run_id! created_sequence# key task_name run_name map_index#? tags state_type state_name state_message? state_at# sequence# run_count# created_at# started_at#? ended_at#? description?");

    public static readonly RunTable TaskStates = new(
        "task_run_states", "task_id", "t.created_sequence, t.id, r.sequence, CASE WHEN r.state_type IN ('Pending', 'Running', 'Paused') THEN 0 ELSE 1 END, r.at", "task_runs t JOIN task_run_states r ON r.task_id = t.id", "task_id! sequence# state_type state_name message? at#");

    public static readonly RunTable Edges = new("task_edges", "run_id", "r.to_task, r.from_task, r.name", "task_edges r", "run_id! to_task! from_task! name");

    public static readonly RunTable Progress = new(
        "progress", "run_id", "r.subject_id", "progress r", "run_id! subject_id! fraction%? count#? total#? message? seconds_left%? sequence# at#");

    public static readonly RunTable Artifacts = new("artifacts", "run_id", "r.sequence, r.id", "artifacts r", "id! run_id! task_id!? sequence# key type title? data? file? created_at#");

    public static readonly RunTable Allocations = new(
        "allocations",
        "run_id",
        "r.requested_at, r.key, r.array_index",
        "allocations r",
        "run_id! key array_index# cluster job_id#? phase state message? node? expected_at#? requested_at# started_at#? ended_at#? changed_at# partition? waited_for?");

    public static readonly RunTable AllocationTasks = new("allocation_tasks", "run_id", "r.key, r.array_index, r.task_id", "allocation_tasks r", "run_id! key array_index# task_id!");

    public static readonly RunTable Lines = new(
        "log_lines", "run_id", "r.position", "log_lines r", "run_id! source# number# position# nested_run_id!? task_id!? at# level# logger? text fields?");

    /// <summary>All of them, in the order in which a run is written: its row last, so that no half of a run is ever seen.</summary>
    public static readonly IReadOnlyList<RunTable> All = [Tasks, TaskStates, Edges, Progress, Artifacts, Allocations, AllocationTasks, Lines, Contents, Parameters, Tags, States, Runs];

    RunTable(string name, string owner, string order, string from, string columns)
    {
        (Name, Owner) = (name, owner);
        Columns = [.. columns.Split(' ').Select(Column)];
        OwnerAt = Columns.ToList().FindIndex(c => c.Name == owner);
        var names = string.Join(", ", Columns.Select(c => c.Name));
        Select = $"SELECT {string.Join(", ", Columns.Select(c => $"r.{c.Name}"))} FROM {from} WHERE {(from.StartsWith("task_runs t", StringComparison.Ordinal) ? "t.run_id" : $"r.{owner}")} = $1 ORDER BY {order}";
        Insert = $"INSERT INTO {name} ({names}) VALUES ({string.Join(", ", Columns.Select((_, i) => $"${i + 1}"))}) ON CONFLICT DO NOTHING";
    }

    public string Name { get; }

    /// <summary>The column of the run's id; of a task's states that of the task.</summary>
    public string Owner { get; }

    /// <summary>Where <see cref="Owner"/> stands among the columns.</summary>
    public int OwnerAt { get; }

    public IReadOnlyList<RunColumn> Columns { get; }

    /// <summary>The rows of one run, in an order that every database gives them in.</summary>
    public string Select { get; }

    /// <summary>A row; nothing where one with its key is there.</summary>
    public string Insert { get; }

    public static RunTable? Named(string name) => All.FirstOrDefault(t => t.Name == name);

    /// <summary>Where a column stands.</summary>
    public int IndexOf(string column) => Columns.ToList().FindIndex(c => c.Name == column);

    static RunColumn Column(string text)
    {
        var name = text.TrimEnd('?').TrimEnd('!', '#', '%');
        var holds = text.Contains('!') ? CopiedValue.Id : text.Contains('#') ? CopiedValue.Number : text.Contains('%') ? CopiedValue.Fraction : CopiedValue.Text;
        return new RunColumn(name, holds, text.EndsWith('?'));
    }
}
