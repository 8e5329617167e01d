using System.CommandLine;
using Holoflow.ApiModel;
using Holoflow.ApiModel.ConcurrencyLimits;
using Holoflow.Cli.Input;
using Holoflow.Cli.Output;
using Holoflow.Client;

namespace Holoflow.Cli.Commands.ConcurrencyLimits;

/// <summary>Limits on how many flow runs and task runs that carry a tag, or name the limit, go on at a time.</summary>
static class ConcurrencyLimitCommands
{
    const int NotFound = 404;

    static readonly Column<ConcurrencyLimitRow>[] Columns =
    [
        new("Tag", l => l.Tag, MayShrink: true),
        new("Limit", l => l.Slots.ToString(), ToRight: true),
        new("In use", l => l.Holders.Count.ToString(), ToRight: true),
        new("Waiting", l => l.Waiting.ToString(), ToRight: true),
        new("Held by", l => string.Join(", ", l.Holders.Select(Name)), MayShrink: true),
    ];

    static string Name(SlotHolder holder) => holder.TaskRunName is { } task ? $"{holder.RunName}/{task}" : holder.RunName;

    public static Command Create()
    {
        var tag = Tag();
        var limit = new Argument<int>("limit")
        {
            HelpName = "LIMIT",
            Description = "How many runs and tasks that carry the tag, or ask for the limit by its name, may go on at a time.",
            CustomParser = result =>
            {
                if (int.TryParse(result.Tokens[0].Value, out var value) && value >= 0)
                    return value;
                result.AddError($"LIMIT '{result.Tokens[0].Value}' is no whole number of at least 0");
                return 0;
            },
        };
        return new Command("create", "Limit how many flow runs and tasks that carry a tag go on at a time; of one that is limited, change the limit.") { tag, limit }.Does(async context =>
        {
            await using var api = await ApiSession.Open(context);
            var result = await api.Client.ConcurrencyLimits.Set(context.Value(tag), context.Value(limit), context.Cancellation);
            CommandAnswers.Tell(context.Output, $"tag {context.Value(tag)}", $"limited to {context.Value(limit)}", result);
            return ExitCodes.Done;
        });
    }

    public static Command List()
    {
        var json = CommonOptions.Json();
        return new Command("ls", "List the concurrency limits.") { json }.Does(async context =>
        {
            await using var api = await ApiSession.Open(context);
            var limits = await api.Client.ConcurrencyLimits.List(context.Cancellation);
            if (context.Value(json))
                await Listing.JsonRows(limits, ApiJson.Default.ConcurrencyLimitRow);
            else
                Listing.Table(context.Output, Columns, limits, "no concurrency limits");
            return ExitCodes.Done;
        });
    }

    public static Command Inspect()
    {
        var tag = Tag();
        var json = CommonOptions.Json();
        return new Command("inspect", "Show a concurrency limit, the runs and tasks that hold its slots, and how many tasks wait for one.") { tag, json }.Does(async context =>
        {
            await using var api = await ApiSession.Open(context);
            var limit = await Ask(api.Client, context.Value(tag), () => api.Client.ConcurrencyLimits.Get(context.Value(tag), context.Cancellation), context.Cancellation);
            if (context.Value(json))
                Listing.Json(limit, ApiJson.Default.ConcurrencyLimitRow);
            else
                Listing.Facts(
                    context.Output,
                    ("tag", limit.Tag),
                    ("limit", limit.Slots.ToString()),
                    ("in use", limit.Holders.Count.ToString()),
                    ("waiting", limit.Waiting.ToString()),
                    ("held by", string.Join(", ", limit.Holders.Select(h => $"{Name(h)} on {h.Agent} since {Words.Time(h.Since)}"))));
            return ExitCodes.Done;
        });
    }

    public static Command Delete()
    {
        var tag = Tag();
        return new Command("delete", "Take a concurrency limit away.") { tag }.Does(async context =>
        {
            await using var api = await ApiSession.Open(context);
            var result = await Ask(api.Client, context.Value(tag), () => api.Client.ConcurrencyLimits.Delete(context.Value(tag), context.Cancellation), context.Cancellation);
            CommandAnswers.Tell(context.Output, $"tag {context.Value(tag)}", "has no limit", result);
            return ExitCodes.Done;
        });
    }

    static Argument<string> Tag() => new("tag") { HelpName = "TAG", Description = "The tag that is limited." };

    static async Task<T> Ask<T>(HoloflowClient client, string tag, Func<Task<T>> ask, CancellationToken cancellation)
    {
        try
        {
            return await ask();
        }
        catch (ApiRefusedException e) when (e.Status == NotFound)
        {
            var known = (await client.ConcurrencyLimits.List(cancellation)).Select(l => l.Tag);
            throw CommandException.BadInput($"there is no concurrency limit of tag '{tag}'{NearMatch.Clause(tag, known)} (holoflow concurrency-limit ls lists them)");
        }
    }
}
