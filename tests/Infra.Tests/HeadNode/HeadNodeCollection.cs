namespace Holoflow.Infra.Tests.HeadNode;

/// <summary>The tests that share one stack or start one, one after another.</summary>
[CollectionDefinition(Name)]
public sealed class HeadNodeCollection : ICollectionFixture<HeadNodeStack>
{
    public const string Name = "a head node";
}
