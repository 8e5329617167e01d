using Holoflow.Api.Access;
using Holoflow.Api.Edge;
using Holoflow.Api.Mapping;
using Holoflow.Api.Reads;
using Holoflow.Api.Requests;
using Holoflow.ApiModel;
using Holoflow.ApiModel.Schedules;
using Holoflow.ApiModel.Tokens;
using Holoflow.Persistence;
using Holoflow.ReadModel.Definitions;
using Microsoft.AspNetCore.Http;

namespace Holoflow.Api.Routes;

/// <summary>Schedules of all deployments, with their next fire times.</summary>
sealed class ScheduleRoutes(Database database, TimeProvider time)
{
    const int PreviewedFireTimes = 5;

    readonly ScheduleLists _schedules = new(database);

    public void Map(RouteTable routes)
    {
        routes.Get(
            "/api/schedules",
            new ApiRoute("Lists schedules with their next fire times", typeof(IReadOnlyList<ScheduleRow>)) { Query = [new("next", "How many fire times of each, 0 to 100", QueryType.Number)] },
            List);
        routes.Post("/api/schedules/preview", new ApiRoute<PreviewSchedule>("When a schedule would fire; nothing is kept", ApiJson.Default.PreviewSchedule, typeof(SchedulePreview)) { Access = RouteAccess.Of(TokenScope.Read) }, Preview);
    }

    public static ScheduleRow ToRow(ScheduleOfDeployment stored, DateTimeOffset now, int next)
    {
        var spec = stored.ToSpec();
        return new ScheduleRow
        {
            Id = stored.Schedule.Id,
            DeploymentId = stored.Schedule.DeploymentId,
            FlowName = stored.FlowName,
            DeploymentName = stored.DeploymentName,
            Spec = spec,
            Next = FireTimes.Next(spec, now, next),
        };
    }

    Task<RecordedAnswer> Preview(Call<PreviewSchedule> call)
    {
        var errors = new FieldErrors();
        FireTimes.Check(errors, "schedule", call.Body.Schedule);
        if (call.Body.Count is < 1 or > FireTimes.MostShown)
            errors.Add("count", $"must be a whole number from 1 to {FireTimes.MostShown}");
        errors.ThrowIfAny();
        var next = FireTimes.Next(call.Body.Schedule with { Active = true }, time.GetUtcNow(), call.Body.Count ?? PreviewedFireTimes);
        return Task.FromResult(RecordedAnswer.Of(new SchedulePreview(next), ApiJson.Default.SchedulePreview));
    }

    async Task List(HttpContext http)
    {
        var query = new QueryReader(http);
        var next = query.Number("next", 0, FireTimes.MostShown, 3);
        query.Errors.ThrowIfAny();
        var schedules = await _schedules.All(http.RequestAborted);
        var now = time.GetUtcNow();
        await Answers.Json(http, [.. schedules.Select(s => ToRow(s, now, next))], ApiJson.Default.IReadOnlyListScheduleRow);
    }
}
