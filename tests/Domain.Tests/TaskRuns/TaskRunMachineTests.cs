using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Holoflow.Domain.TaskRuns;

namespace Holoflow.Domain.Tests.TaskRuns;

public sealed class TaskRunMachineTests
{
    static readonly DateTimeOffset Now = new(2026, 3, 1, 3, 0, 0, TimeSpan.Zero);
    static readonly TaskStateType[] Types = Enum.GetValues<TaskStateType>();

    static readonly Arbitrary<TaskEvent[]> Events = Arb.From(Gen.ArrayOf(
        from sequence in Gen.Choose(1, 20)
        from type in Gen.Elements(Types)
        select new TaskEvent(sequence, type, type.ToString(), Now)));

    [Fact]
    public void The_table_is_the_approved_one()
    {
        var text = new StringBuilder("# Where a task run may go\n\nGenerated from `TaskRunMachine`: rows from, columns to.\n\n| |");
        text.AppendJoin("", Types.Select(t => $" {t} |")).Append("\n|---|").AppendJoin("", Types.Select(_ => "---|")).Append('\n');
        foreach (var from in Types)
            text.Append($"| {from} |").AppendJoin("", Types.Select(to => TaskRunMachine.IsLegal(from, to) ? " yes |" : " - |")).Append('\n');
        Approved.Check("TaskRunMachine.table.approved.md", text.ToString());
    }

    [Fact]
    public void A_completed_task_is_left_by_nothing() =>
        Check.QuickThrowOnFailure(Prop.ForAll(Events, events =>
        {
            var completed = false;
            return Walk(events).All(run => !completed & (completed = run.Type == TaskStateType.Completed) || run.Type != TaskStateType.Completed);
        }));

    [Fact]
    public void Repeats_and_late_events_change_nothing() =>
        Check.QuickThrowOnFailure(Prop.ForAll(Events, events =>
        {
            var inOrder = events.OrderBy(e => e.Sequence).DistinctBy(e => e.Sequence).ToArray();
            return Walk(inOrder).LastOrDefault() == Walk([.. inOrder.SelectMany(e => new[] { e, e }), .. inOrder.Reverse()]).LastOrDefault();
        }));

    [Fact]
    public void Executions_are_counted_once_each()
    {
        var run = Walk(
        [
            new(2, TaskStateType.Running, "Running", Now),
            new(3, TaskStateType.Paused, "Paused", Now),
            new(4, TaskStateType.Running, "Running", Now),
            new(5, TaskStateType.Pending, "AwaitingRetry", Now),
            new(6, TaskStateType.Running, "Retrying", Now),
            new(7, TaskStateType.Completed, "Completed", Now),
        ]).Last();
        Assert.Equal((2, TaskStateType.Completed), (run.RunCount, run.Type));
    }

    static IEnumerable<TaskRun> Walk(IEnumerable<TaskEvent> events)
    {
        var run = TaskRunMachine.Create(0, Now);
        foreach (var reported in events)
        {
            if (TaskRunMachine.Decide(run, reported) is TaskDecision.Accept accept)
                yield return run = accept.Next;
        }
    }
}
