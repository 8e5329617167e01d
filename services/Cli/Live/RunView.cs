using Holoflow.ApiModel.FlowRuns;
using Holoflow.ApiModel.TaskRuns;

namespace Holoflow.Cli.Live;

/// <summary>A flow run or nested run, with its tasks in the order of their first submission.</summary>
sealed class RunBranch(Guid id)
{
    readonly List<TaskGroup> _groups = [];
    readonly Dictionary<string, TaskGroup> _byName = new(StringComparer.Ordinal);

    public Guid Id { get; } = id;

    /// <summary>What is known of the run; null until it was told.</summary>
    public FlowRunRow? Run { get; set; }

    public IReadOnlyList<TaskGroup> Groups => _groups;

    public TaskGroup Group(string taskName)
    {
        if (!_byName.TryGetValue(taskName, out var group))
        {
            _byName[taskName] = group = new TaskGroup(taskName);
            _groups.Add(group);
        }
        return group;
    }
}

/// <summary>All that the view knows of a followed run. Changed only by <see cref="Apply"/>.</summary>
sealed class RunView(Guid runId)
{
    readonly Dictionary<Guid, TaskRunRow> _tasks = [];
    readonly List<RunBranch> _nested = [];

    /// <summary>The followed run itself.</summary>
    public RunBranch Root { get; } = new(runId);

    /// <summary>Its nested runs, in order of appearance.</summary>
    public IReadOnlyList<RunBranch> Nested => _nested;

    public IEnumerable<TaskGroup> AllGroups => Root.Groups.Concat(_nested.SelectMany(n => n.Groups));

    /// <summary>What is known of a task run.</summary>
    public TaskRunRow? Task(Guid id) => _tasks.GetValueOrDefault(id);

    public void Apply(RunUpdate update)
    {
        switch (update)
        {
            case RunChanged(var run):
                Root.Run = run;
                break;
            case RunEnded(var run):
                Root.Run = run;
                break;
            case NestedRunsChanged(var runs):
                foreach (var run in runs)
                    Branch(run.Id).Run = run;
                break;
            case TasksChanged(var tasks):
                foreach (var task in tasks)
                {
                    Branch(task.FlowRunId).Group(task.TaskName).Apply(Task(task.Id), task);
                    _tasks[task.Id] = task;
                }
                break;
        }
    }

    RunBranch Branch(Guid id)
    {
        if (id == Root.Id)
            return Root;
        if (_nested.Find(n => n.Id == id) is { } known)
            return known;
        var branch = new RunBranch(id);
        _nested.Add(branch);
        return branch;
    }
}
