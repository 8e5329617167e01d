using System.CommandLine;
using Holoflow.Cli.Commands;

namespace Holoflow.Cli.Tests.Commands;

/// <summary>What the command takes: users type it, and scripts rely on it.</summary>
public sealed class CommandTreeTests
{
    [Theory]
    [InlineData("run ENTRYPOINT -p --params")]
    [InlineData("deployment build ENTRYPOINT --name -i -q --tag -p --cron --interval --anchor-date --rrule --timezone -o --apply")]
    [InlineData("deployment apply FILE.yaml...")]
    [InlineData("deployment ls --json")]
    [InlineData("deployment inspect FLOW/NAME --json")]
    [InlineData("deployment delete FLOW/NAME")]
    [InlineData("deployment set-schedule FLOW/NAME --cron --interval --anchor-date --rrule --timezone")]
    [InlineData("deployment pause-schedule FLOW/NAME")]
    [InlineData("deployment resume-schedule FLOW/NAME")]
    [InlineData("deployment run FLOW/NAME -p --at --in --priority --idempotency-key --watch")]
    [InlineData("agent start -q --tag --limit --name")]
    [InlineData("agent ls --json")]
    [InlineData("work-queue create NAME")]
    [InlineData("work-queue ls --json")]
    [InlineData("work-queue inspect NAME --json")]
    [InlineData("work-queue preview NAME --json")]
    [InlineData("work-queue pause NAME")]
    [InlineData("work-queue resume NAME")]
    [InlineData("work-queue set-concurrency-limit NAME LIMIT")]
    [InlineData("work-queue clear-concurrency-limit NAME")]
    [InlineData("work-queue delete NAME")]
    [InlineData("flow-run ls --state --flow --deployment --tag --since --until -p --limit --json")]
    [InlineData("flow-run inspect RUN --json")]
    [InlineData("flow-run logs RUN --follow --json")]
    [InlineData("flow-run cancel RUN")]
    [InlineData("flow-run retry RUN")]
    [InlineData("flow-run delete RUN --older-than --flow")]
    [InlineData("flow-run export RUN -o")]
    [InlineData("import FILE.tar.gz")]
    [InlineData("notification create NAME --webhook --email --events --state --flow --tag --longer-than --template --secret --off")]
    [InlineData("notification ls --json")]
    [InlineData("notification inspect NAME --json")]
    [InlineData("notification test NAME")]
    [InlineData("notification deliveries NAME --json")]
    [InlineData("notification delete NAME")]
    [InlineData("task-run ls --json")]
    [InlineData("task-run inspect TASK-RUN --json")]
    [InlineData("flow ls --json")]
    [InlineData("server start")]
    [InlineData("server status --json")]
    [InlineData("database upgrade")]
    [InlineData("database check")]
    [InlineData("config set NAME=VALUE")]
    [InlineData("config unset NAME")]
    [InlineData("config view --json")]
    [InlineData("profile create NAME")]
    [InlineData("profile use NAME")]
    [InlineData("profile ls --json")]
    [InlineData("version")]
    public void The_promised_verbs_take_what_was_promised(string promised)
    {
        var words = promised.Split(' ');
        Command command = CommandTree.Create();
        foreach (var word in words.TakeWhile(w => char.IsAsciiLetterLower(w[0])))
            command = Assert.Single(command.Subcommands, c => c.Name == word);
        Assert.Empty(command.Subcommands);
        Assert.Equal(words.Where(w => char.IsAsciiLetterUpper(w[0])), command.Arguments.Select(Shown));
        Assert.All(words.Where(w => w[0] == '-'), option => Assert.Contains(command.Options, o => o.Name == option || o.Aliases.Contains(option)));
    }

    [Fact]
    public void Every_list_has_json() =>
        Assert.All(
            Leaves(CommandTree.Create(), "holoflow").Where(leaf => leaf.Command.Name is "ls" or "preview" or "inspect" or "view" or "why"),
            leaf => Assert.True(leaf.Command.Options.Any(o => o.Name == "--json"), $"{leaf.Path} has no --json"));

    static IEnumerable<(string Path, Command Command)> Leaves(Command command, string path) =>
        command.Subcommands.Count == 0 ? [(path, command)] : command.Subcommands.SelectMany(c => Leaves(c, $"{path} {c.Name}"));

    static string Shown(Argument argument) => (argument.HelpName ?? argument.Name) + (argument.Arity.MaximumNumberOfValues > 1 ? "..." : "");
}
