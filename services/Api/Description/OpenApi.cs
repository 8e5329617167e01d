using System.Text.Json.Serialization;
using Holoflow.Api.Access;
using Holoflow.Api.Requests;
using Holoflow.ApiModel;
using Holoflow.ApiModel.Tokens;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace Holoflow.Api.Description;

/// <summary>The API's description, built from the route table when it is asked for.</summary>
static class OpenApi
{
    public const string Path = "/api/openapi.json";

    public static void Register(IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default);
            // As the context has it: a number is never a text.
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
        });
        services.AddOpenApi("v1", options =>
        {
            options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
            options.AddDocumentTransformer((document, _, _) =>
            {
                document.Info = new OpenApiInfo { Title = "Holoflow", Version = "1" };
                document.Servers?.Clear();
                return Task.CompletedTask;
            });
            options.AddOperationTransformer(Describe);
        });
    }

    public static void Map(IEndpointRouteBuilder endpoints) => endpoints.MapOpenApi(Path).WithMetadata(RouteAccess.Of(TokenScope.Read));

    static Task Describe(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellation)
    {
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<ApiRoute>().FirstOrDefault() is not { } route)
            return Task.CompletedTask;
        operation.Summary = route.Summary;
        operation.Tags?.Clear();
        operation.Parameters ??= [];
        foreach (var name in RouteNames(context.Description.RelativePath ?? "").Where(name => operation.Parameters.All(p => p.Name != name)))
            operation.Parameters.Add(new OpenApiParameter { Name = name, In = ParameterLocation.Path, Required = true, Schema = Text(name is "id" or "artifactId" ? "An id" : null) });
        foreach (var parameter in route.Query)
            operation.Parameters.Add(new OpenApiParameter { Name = parameter.Name, In = ParameterLocation.Query, Description = parameter.Meaning, Schema = SchemaOf(parameter) });
        if (context.Description.HttpMethod == "POST" && route.Request is not null)
        {
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = "Idempotency-Key",
                In = ParameterLocation.Header,
                Description = "A repeat with the same key gets the answer of the first",
                Schema = Text(null),
            });
        }

        operation.Responses ??= [];
        operation.Responses["default"] = new OpenApiResponse { Description = "What is wrong (application/problem+json)" };
        return Task.CompletedTask;
    }

    static IEnumerable<string> RouteNames(string path) =>
        path.Split('/').Where(part => part.StartsWith('{')).Select(part => part.Trim('{', '}').Split(':')[0]);

    static OpenApiSchema SchemaOf(QueryParameter parameter)
    {
        var one = parameter.Type switch
        {
            QueryType.Number => new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int64" },
            QueryType.Flag => new OpenApiSchema { Type = JsonSchemaType.Boolean },
            QueryType.Time => new OpenApiSchema { Type = JsonSchemaType.String, Format = "date-time" },
            QueryType.Id => new OpenApiSchema { Type = JsonSchemaType.String, Format = "uuid" },
            _ => Text(null),
        };
        return parameter.Repeats ? new OpenApiSchema { Type = JsonSchemaType.Array, Items = one } : one;
    }

    static OpenApiSchema Text(string? description) => new() { Type = JsonSchemaType.String, Description = description };
}
