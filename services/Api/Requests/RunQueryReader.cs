using System.Text.Json;
using Holoflow.ApiModel.FlowRuns;
using Holoflow.Persistence;
using Holoflow.ReadModel.Definitions;
using Holoflow.ReadModel.FlowRuns;

namespace Holoflow.Api.Requests;

/// <summary>Reads the filter of a list of flow runs.</summary>
sealed class RunQueryReader(DeploymentLists deployments)
{
    public static readonly IReadOnlyList<QueryParameter> Conditions =
    [
        new("state", "A state type or name: Running, Late, TimedOut…", Repeats: true),
        new("flow", "A flow's name", Repeats: true),
        new("deployment", "A deployment's id, or FLOW/NAME", Repeats: true),
        new("tag", "A tag; all that are given must be there", Repeats: true),
        new("queue", "A work queue", Repeats: true),
        new("since", "Created then or later", QueryType.Time),
        new("until", "Created before", QueryType.Time),
        new("parameter", "NAME=VALUE: a parameter has this value (JSON where it parses as JSON, a text otherwise); all that are given must", Repeats: true),
        new("text", "A part of the run's or the flow's name"),
        new("parent", "Nested runs of this run", QueryType.Id),
    ];

    public async Task<FlowRunQuery> Read(QueryReader query, FlowRunSort sort, CancellationToken cancellation)
    {
        var (since, until) = (query.Time("since"), query.Time("until"));
        if (since >= until)
            query.Errors.Add("since", $"must be before 'until': {since:yyyy-MM-dd'T'HH:mm:ss'Z'} is not before {until:yyyy-MM-dd'T'HH:mm:ss'Z'}");

        return new FlowRunQuery
        {
            States = [.. query.Texts("state").Select(text => StateNames.Read(query.Errors, text)).OfType<StateCondition>()],
            Flows = query.Texts("flow"),
            Deployments = await ReadDeployments(query, cancellation),
            Queues = query.Texts("queue"),
            Tags = query.Texts("tag", 20),
            Parameters = ReadParameters(query),
            Since = since,
            Until = until,
            Text = query.Text("text"),
            ParentRunId = query.Id("parent"),
            OldestFirst = sort == FlowRunSort.Oldest,
        };
    }

    async Task<IReadOnlyList<Guid>> ReadDeployments(QueryReader query, CancellationToken cancellation)
    {
        var ids = new List<Guid>();
        foreach (var text in query.Texts("deployment"))
        {
            if (Ids.TryRead(text, out var id))
                ids.Add(id);
            else if (text.Split('/') is not [{ Length: > 0 } flow, { Length: > 0 } name])
                query.Errors.Add("deployment", $"'{Ids.Shown(text)}' is neither an id nor FLOW/NAME");
            else if (await deployments.Find(flow, name, cancellation) is { } found)
                ids.Add(found.Deployment.Id);
            else
                query.Errors.Add("deployment", $"there is no deployment '{Ids.Shown(text)}'");
        }

        return ids;
    }

    static List<KeyValuePair<string, string>> ReadParameters(QueryReader query)
    {
        var parameters = new List<KeyValuePair<string, string>>();
        foreach (var text in query.Texts("parameter", 20))
        {
            var split = text.IndexOf('=', StringComparison.Ordinal);
            if (split <= 0)
                query.Errors.Add("parameter", $"'{Ids.Shown(text)}' is not NAME=VALUE");
            else
                parameters.Add(KeyValuePair.Create(text[..split], ParameterValue.Of(ValueOf(text[(split + 1)..]))));
        }

        return parameters;
    }

    static JsonElement ValueOf(string text)
    {
        try
        {
            return JsonElement.Parse(text);
        }
        catch (JsonException)
        {
            return JsonSerializer.SerializeToElement(text, ApiModel.ApiJson.Default.String);
        }
    }
}
