using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Holoflow.Contracts;

namespace Holoflow.Messaging.Tests;

/// <summary>
/// One approved sample a message: a change of the wire shows in a diff, and what an older version sent is still read.
/// A new field is added to the code and to the sample; a field that is taken away or renamed needs a new schema version.
/// </summary>
public sealed class WireSampleTests
{
    static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static TheoryData<string> Messages => [.. Types().Select(type => MessageName.Of(type))];

    [Theory]
    [MemberData(nameof(Messages))]
    public void The_sample_is_the_approved_one(string name)
    {
        var type = Type(name);
        var pinned = MessageName.Pinned(type);
        var text = JsonSerializer.Serialize(JsonSerializer.SerializeToElement(Sample(type, ""), MessageFormat.Default.GetTypeInfo(type)!), Indented) + "\n";
        var path = Path.Combine(Folder(), $"{name}.v{pinned.SchemaVersion}.json");
        if (!File.Exists(path) || File.ReadAllText(path) != text)
        {
            File.WriteAllText(path + ".received.json", text);
            Assert.Fail($"{path} is not what the code sends; see {Path.GetFileName(path)}.received.json beside it");
        }
    }

    [Fact]
    public void Every_approved_sample_is_read_whole()
    {
        foreach (var file in Directory.EnumerateFiles(Folder(), "*.v*.json").Where(f => !f.Contains(".received.", StringComparison.Ordinal)))
        {
            var type = Type(Path.GetFileName(file).Split(".v")[0]);
            var sample = JsonDocument.Parse(File.ReadAllText(file)).RootElement;
            var read = sample.Deserialize(MessageFormat.Default.GetTypeInfo(type)!);
            Assert.True(JsonElement.DeepEquals(sample, JsonSerializer.SerializeToElement(read, MessageFormat.Default.GetTypeInfo(type)!)), $"{Path.GetFileName(file)} loses something when it is read");
        }
    }

    [Fact]
    public void What_an_older_version_did_not_send_is_never_null_where_the_code_counts_on_a_value()
    {
        var nullability = new NullabilityInfoContext();
        var records = typeof(MessageAttribute).Assembly.GetTypes().Where(t => t.IsClass && !t.ContainsGenericParameters && MessageFormat.Default.GetTypeInfo(t)?.Kind == JsonTypeInfoKind.Object).ToList();
        Assert.Contains(typeof(RunProgram), records);
        foreach (var type in records)
        {
            var form = MessageFormat.Default.GetTypeInfo(type)!;
            var whole = JsonSerializer.SerializeToNode(Sample(type, ""), form)!.AsObject();
            var positional = type.GetConstructors().SelectMany(c => c.GetParameters()).Select(p => p.Name);
            foreach (var property in type.GetProperties().Where(p => p.CanWrite && !positional.Contains(p.Name, StringComparer.Ordinal)))
            {
                var part = form.Properties.Single(p => p.AttributeProvider is PropertyInfo of && of.Name == property.Name);
                if (part.IsRequired || nullability.Create(property).ReadState == NullabilityState.Nullable)
                    continue;
                var older = whole.DeepClone().AsObject();
                older.Remove(part.Name);
                Assert.True(property.GetValue(JsonSerializer.Deserialize(older, form)) is not null, $"{type.Name}.{property.Name} is null where it was not sent");
            }
        }
    }

    [Fact]
    public void Names_are_pinned_once_each() => Assert.Distinct(Types().Select(type => MessageName.Of(type)));

    [Fact]
    public void A_field_that_a_newer_version_sends_is_passed_over() =>
        Assert.Equal("a", JsonSerializer.Deserialize("""{"runId":"019cb000-0000-7000-8000-000000000000","agentId":"a","offerId":"019cb000-0000-7000-8000-000000000000","mood":"good"}""", MessageFormat.Of<ClaimRun>())!.AgentId);

    [Fact]
    public void No_message_holds_the_name_of_a_type()
    {
        foreach (var file in Directory.EnumerateFiles(Folder(), "*.json"))
        {
            var text = File.ReadAllText(file);
            Assert.All(["$type", "Holoflow.", "System.", "PublicKeyToken"], word => Assert.DoesNotContain(word, text, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void A_type_that_a_message_names_is_not_looked_for()
    {
        var read = JsonSerializer.Deserialize("""{"$type":"System.IO.FileInfo, System.Runtime","runId":"019cb000-0000-7000-8000-000000000000","agentId":"a","offerId":"019cb000-0000-7000-8000-000000000000"}""", MessageFormat.Of<ClaimRun>());
        Assert.Equal(typeof(ClaimRun), read!.GetType());
    }

    static IEnumerable<Type> Types() => typeof(MessageAttribute).Assembly.GetTypes().Where(t => t.GetCustomAttribute<MessageAttribute>() is not null).OrderBy(t => t.Name, StringComparer.Ordinal);

    static Type Type(string name) => Types().Single(type => MessageName.Of(type) == name);

    static string Folder([CallerFilePath] string caller = "") => Path.Combine(Path.GetDirectoryName(caller)!, "WireSamples");

    // Every property gets a value that tells which it is, so that two that trade places show.
    static object Sample(Type type, string name)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        var seed = 0;
        foreach (var c in name)
            seed = ((seed * 31) + c) & 0xFFFF;
        if (type == typeof(string))
            return $"{name} ü";
        if (type == typeof(Guid))
            return new Guid($"019cb000-0000-7000-8000-00000000{seed:x4}");
        if (type == typeof(DateTimeOffset))
            return new DateTimeOffset(2026, 3, 1, 3, 0, 0, TimeSpan.Zero).AddSeconds(seed);
        if (type == typeof(JsonElement))
            return JsonDocument.Parse($$"""{"{{name}}":[1,2.5,"x",null,true]}""").RootElement;
        if (type == typeof(bool))
            return true;
        if (type.IsEnum)
            return Enum.GetValues(type).GetValue(Enum.GetValues(type).Length - 1)!;
        if (type.IsPrimitive)
            return Convert.ChangeType(seed, type);
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>))
            return new Dictionary<string, string>(StringComparer.Ordinal) { [$"{name} key"] = $"{name} value" };
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
        {
            var list = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(type.GetGenericArguments()))!;
            list.Add(Sample(type.GetGenericArguments()[0], name));
            return list;
        }

        var made = RuntimeHelpers.GetUninitializedObject(type);
        foreach (var property in type.GetProperties().Where(p => p.CanWrite))
            property.SetValue(made, Sample(property.PropertyType, property.Name));
        return made;
    }
}
