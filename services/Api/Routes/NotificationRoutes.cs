using Holoflow.Api.Access;
using Holoflow.Api.Edge;
using Holoflow.Api.Mapping;
using Holoflow.Api.Requests;
using Holoflow.Api.Writes;
using Holoflow.ApiModel;
using Holoflow.ApiModel.FlowRuns;
using Holoflow.ApiModel.Notifications;
using Holoflow.ApiModel.Tokens;
using Holoflow.Contracts;
using Holoflow.Persistence;
using Holoflow.Persistence.Model;
using Holoflow.ReadModel.FlowRuns;
using Holoflow.ReadModel.Notifications;
using Microsoft.AspNetCore.Http;

namespace Holoflow.Api.Routes;

/// <summary>Who is told of which changes of flow runs, and what was told.</summary>
sealed class NotificationRoutes(Database database, StateCommands commands)
{
    const string One = "/api/notifications/{name}";
    readonly NotificationLists _lists = new(database);

    public void Map(RouteTable routes)
    {
        routes.Get("/api/notifications", new ApiRoute("Lists who is told of which changes of flow runs", typeof(IReadOnlyList<NotificationRow>)), List);
        routes.Get(One, new ApiRoute("A notification", typeof(NotificationRow)), Get);
        routes.Put(One, new ApiRoute<NotificationDefinition>("Creates or changes a notification", ApiJson.Default.NotificationDefinition, typeof(CommandResult)), Define);
        routes.Delete(One, new ApiRoute("Removes a notification; what it has not told yet is never told", typeof(CommandResult)), http => commands.Send(new DeleteNotification(Ids.NameFromPath(http, "name"))));
        routes.Post(
            $"{One}/test",
            new ApiRoute<RunCommand>("Tells of a run that does not exist, to see whether it arrives", ApiJson.Default.RunCommand, typeof(CommandResult)) { Access = RouteAccess.Of(TokenScope.Admin) },
            call => commands.Send(new TestNotification(Ids.NameFromPath(call.Http, "name"), call.NewId)));
        routes.Get($"{One}/deliveries", new ApiRoute("What a notification told, the newest first", typeof(Page<NotificationDelivery>))
        {
            Query = [new("limit", "Rows a page, 1 to 200", QueryType.Number), new("cursor", "Where to go on: 'next' of the page before")],
        }, Deliveries);
    }

    async Task List(HttpContext http)
    {
        new QueryReader(http).Errors.ThrowIfAny();
        await Answers.Json(http, [.. (await _lists.All(http.RequestAborted)).Select(ToRow)], ApiJson.Default.IReadOnlyListNotificationRow);
    }

    async Task Get(HttpContext http)
    {
        new QueryReader(http).Errors.ThrowIfAny();
        await Answers.Json(http, ToRow(await Require(http)), ApiJson.Default.NotificationRow);
    }

    async Task Deliveries(HttpContext http)
    {
        var query = new QueryReader(http);
        var limit = query.Number("limit", 1, 200, 50);
        var cursor = query.Text("cursor", 1000);
        query.Errors.ThrowIfAny();
        var rule = await Require(http);
        var list = PageCursors.ListOf(http.Request);
        var after = PageCursors.RunKey(Cursor.Read(list, cursor)) is { } key ? (key.CreatedAt, key.Id) : default((DateTimeOffset, Guid)?);
        var found = await _lists.Deliveries(rule.Id, after, limit, http.RequestAborted);
        var shown = found.Take(limit).ToList();
        var next = found.Count > limit ? Cursor.Write(list, PageCursors.Write(new FlowRunKey(shown[^1].CreatedAt, shown[^1].Id))) : null;
        await Answers.Json(http, new Page<NotificationDelivery>([.. shown.Select(ToDelivery)], next), ApiJson.Default.PageNotificationDelivery);
    }

    Task<RecordedAnswer> Define(Call<NotificationDefinition> call)
    {
        var body = call.Body;
        return commands.Send(
            new DefineNotification
            {
                Name = Ids.NameFromPath(call.Http, "name"),
                States = body.States,
                Flows = body.Flows ?? [],
                Tags = body.Tags ?? [],
                LongerThanSeconds = body.LongerThanSeconds,
                Target = body.Target.ToString().ToLowerInvariant(),
                Address = body.Address,
                Template = body.Template,
                Secret = body.Secret,
                Active = body.Active,
            },
            answered => answered.Version == 1);
    }

    async Task<NotificationRuleRow> Require(HttpContext http)
    {
        var name = Ids.NameFromPath(http, "name");
        return await _lists.Find(name, http.RequestAborted) ?? throw RefusedException.NotFound($"there is no notification '{Ids.Shown(name)}'");
    }

    static NotificationRow ToRow(NotificationRuleRow rule) => new()
    {
        Id = rule.Id,
        Name = rule.Name,
        States = Json.Tags(rule.States),
        Flows = Json.Tags(rule.Flows),
        Tags = Json.Tags(rule.Tags),
        LongerThanSeconds = rule.LongerThan / 1e6,
        Target = Enum.Parse<NotificationTarget>(rule.Target, ignoreCase: true),
        Address = rule.Target == "webhook" && Uri.TryCreate(rule.Address, UriKind.Absolute, out var url) ? $"{url.GetLeftPart(UriPartial.Authority)}/…" : rule.Address,
        Template = rule.Template,
        Secret = rule.Secret,
        Active = rule.Active,
        CreatedAt = rule.CreatedAt,
        UpdatedAt = rule.UpdatedAt,
        Revision = rule.Revision,
    };

    static NotificationDelivery ToDelivery(NotificationDeliveryRow delivery) => new()
    {
        Id = delivery.Id,
        RunId = delivery.RunId,
        State = delivery.DeliveredAt is not null ? "Delivered" : delivery.NextAt is not null ? "Waiting" : "GivenUp",
        CreatedAt = delivery.CreatedAt,
        Attempts = delivery.Attempts,
        NextAt = delivery.NextAt,
        DeliveredAt = delivery.DeliveredAt,
        Error = delivery.LastError,
    };
}
